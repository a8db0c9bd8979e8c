import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AnchoredHead,
  encodeRecord,
  greatestHead,
  recordBytes,
} from "../../../src/engines/sqlite/anchor-record.js";

const head: fc.Arbitrary<AnchoredHead> = fc.record({
  position: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex")),
});
const distinct = fc.uniqueArray(head, { minLength: 1, maxLength: 20, selector: ({ position }) => position });

describe("the records of an anchor", () => {
  it("tell the greatest head, in whatever order they were written", () => {
    fc.assert(
      fc.property(distinct, (heads) => {
        const bytes = Buffer.concat(heads.map(encodeRecord));

        expect(greatestHead(bytes)).toEqual(heads.toSorted((a, b) => b.position - a.position)[0]);
      }),
    );
  });

  it("are found behind one that was cut short, and behind rubbish", () => {
    const rubbish = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    // One that lacks a byte or two might be made whole by what follows.
    const cut = fc.tuple(head, fc.nat({ max: recordBytes - 8 }));
    fc.assert(
      fc.property(head, cut, rubbish, (whole, [other, bytes], noise) => {
        const beginning = encodeRecord(other).subarray(0, bytes);

        expect(greatestHead(Buffer.concat([beginning, noise, encodeRecord(whole)]))).toEqual(whole);
      }),
    );
  });

  it("are not believed with any bit changed", () => {
    const record = encodeRecord({ position: 7, hash: "5a".repeat(32) });
    const believed = Array.from({ length: recordBytes * 8 }, (_, bit) => {
      const damaged = Buffer.from(record);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      return greatestHead(damaged);
    });

    expect(believed.filter((found) => found !== undefined)).toEqual([]);
  });

  it("tell nothing where there are none", () => {
    expect([Buffer.alloc(0), Buffer.alloc(500), Buffer.from("dca1")].map(greatestHead)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
