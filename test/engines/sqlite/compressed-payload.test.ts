import { randomBytes } from "node:crypto";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compressPayload,
  expandPayload,
  isCompressed,
} from "../../../src/engines/sqlite/compressed-payload.js";
import { anyKey, plainJson } from "../../support/values.js";

interface Effect {
  readonly op: string;
  readonly key: string;
  readonly [content: string]: unknown;
}
interface Payload {
  readonly format: number;
  readonly effects: readonly Effect[];
  readonly details: Record<string, unknown>;
}

/** Texts that look like what is looked for, and values that repeat themselves enough to be compressed. */
const texts = fc.constantFrom('\\"', "\\", '","value":[', '{"$type":"deflated","bytes":9}', "}]", 'a"b\\');
const value = fc
  .tuple(fc.oneof(plainJson(), texts), fc.nat({ max: 40 }))
  .map(([some, times]) => (times < 20 ? some : Array.from({ length: times }, () => some)));
const effect = fc.oneof(
  fc.record({ op: fc.constant("set"), key: anyKey(), value, salt: fc.string({ maxLength: 8 }) }),
  fc.record({ op: fc.constant("patch"), key: anyKey(), patch: fc.record({ on: fc.nat(), edits: value }) }),
  fc.record({ op: fc.constant("delete"), key: anyKey() }),
);
const payload: fc.Arbitrary<Payload> = fc.record({
  format: fc.constantFrom(1, 2),
  effects: fc.array(effect, { maxLength: 4 }),
  details: fc.record({ value, patch: value }),
});
const overBytes = fc.constantFrom(0, 60, 500);

describe("a compressed payload", () => {
  it("is expanded to the letter", () => {
    fc.assert(
      fc.property(payload, overBytes, (given, most) => {
        const text = JSON.stringify(given);

        expect(expandPayload(compressPayload(text, most))).toBe(text);
      }),
    );
  });

  it("differs from the plain one in what is large, and nowhere else", () => {
    fc.assert(
      fc.property(payload, overBytes, (given, most) => {
        const stored = compressPayload(JSON.stringify(given), most);
        const { effects, details } = JSON.parse(stored) as Payload;

        expect(details).toEqual(given.details);
        expect(effects.map((one) => ({ ...one, value: 0, patch: 0 }))).toEqual(
          given.effects.map((one) => ({ ...one, value: 0, patch: 0 })),
        );
        for (const [index, one] of effects.entries()) expectContent(one, given.effects[index]!, most);
      }),
    );
  });

  it("is read as releases have written it", () => {
    const stored =
      '{"format":3,"expanded":2,"effects":[{"op":"set","scope":"persistent","key":"text","value":{"$type":"deflated",' +
      '"bytes":122,"base64":"eF5TSkxPzMxTSMxLUaAvSwkAEf4pqQ=="},"salt":"5f"},{"op":"patch","scope":"persistent",' +
      '"key":"list","patch":{"$type":"deflated","bytes":269,"base64":"eF6rVsrPU7Iy0VFKqixJLVaystRRSk3JLClWsoquVkosU' +
      'bKKjtVRSivKz1WyMtBRKkrNzS9LBTMz84pTi0DySodXKukMfSK2NrYWAOP9YDE="},"salt":"60"},{"op":"delete",' +
      '"scope":"persistent","key":"gone"}],"details":{"keys":["text"]}}';
    const { format, effects } = JSON.parse(expandPayload(stored)) as Payload;

    expect(format).toBe(2);
    expect(effects.map(({ key }) => key)).toEqual(["text", "list", "gone"]);
    expect(effects[0]).toMatchObject({ value: "again and ".repeat(12), salt: "5f" });
    expect(effects[1]).toMatchObject({ patch: { on: 4, edits: [{ insert: Array(40).fill("é") }] } });
  });

  it("stays plain where it does not get smaller, or nothing in it is large", () => {
    const picture = randomBytes(90_000).toString("base64");
    const [small, large, repeated] = [picture.slice(0, 900), picture, "again and again, ".repeat(40)].map(
      textOf,
    ) as [string, string, string];

    for (const noise of [small, large]) expect(compressPayload(noise, 0)).toBe(noise);
    expect(compressPayload(repeated, 1_000)).toBe(repeated);
    expect(isCompressed(compressPayload(repeated, 500))).toBe(true);
  });

  it("has what is more than noise in a part of it compressed, too", () => {
    const text = textOf(`${randomBytes(30_000).toString("base64")}${"some words in between ".repeat(4_000)}`);
    const stored = compressPayload(text, 0);

    expect(stored.length).toBeLessThan(0.7 * text.length);
    expect(expandPayload(stored)).toBe(text);
  });

  it("that is damaged gives something else, or what it was, and never fails", () => {
    const damage = fc.record({ at: fc.nat(), text: fc.constantFrom("", '"', "{", "A", "0", "}") });
    fc.assert(
      fc.property(payload, damage, (given, { at, text }) => {
        const stored = compressPayload(JSON.stringify(given), 0);
        const place = at % stored.length;
        const damaged = stored.slice(0, place) + text + stored.slice(place + 1);

        expect(typeof expandPayload(damaged)).toBe("string");
        expect(typeof compressPayload(damaged, 0)).toBe("string");
      }),
    );
  });

  it("with something behind the end of what is compressed is none", () => {
    const text = textOf("again ".repeat(90));
    const stored = compressPayload(text, 0);
    const [, base64 = ""] = /"base64":"([^"]*)"/.exec(stored) ?? [];
    const longer = Buffer.concat([Buffer.from(base64, "base64"), Buffer.from("behind it")]).toString(
      "base64",
    );
    const forged = stored.replace(base64, longer);

    expect(expandPayload(forged)).toBe(forged.replace('"format":3,"expanded":1', '"format":1'));
  });
});

function textOf(value: string): string {
  return JSON.stringify({ format: 1, effects: [{ op: "set", key: "a", value }], details: {} });
}

/** What is compressed is inflated by any other program. */
function expectContent(stored: Effect, plain: Effect, overBytes: number): void {
  for (const member of ["value", "patch"]) {
    const [found, given] = [stored[member], plain[member]].map((content) => JSON.stringify(content));
    if (found === given) continue;
    const { $type, bytes, base64 } = stored[member] as { $type: string; bytes: number; base64: string };
    expect([$type, bytes]).toEqual(["deflated", Buffer.byteLength(given!)]);
    expect(bytes).toBeGreaterThan(overBytes);
    expect(found!.length).toBeLessThan(0.8 * bytes);
    expect(inflateSync(Buffer.from(base64, "base64")).toString()).toBe(given);
  }
}
