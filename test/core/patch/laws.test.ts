import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyInPlace, applyToCopy } from "../../../src/core/patch/apply-patch.js";
import { withParts, type Edit } from "../../../src/core/patch/edit.js";
import { makePatch } from "../../../src/core/patch/make-patch.js";
import { patchSchema } from "../../../src/core/patch/patch-schema.js";
import { createCodec } from "../../../src/core/value/codec.js";
import { anyPair } from "../../support/mutations.js";
import { anyValue, plainJson } from "../../support/values.js";

const codec = createCodec();

/** Two held values and the edits between them, if there are any that make sense. */
function patchOf([first, second]: readonly [unknown, unknown]) {
  const [before, after] = [codec.take(first, "before"), codec.take(second, "after")];
  const patch = makePatch(before.value, after.value, 1_000_000);
  return { before, after, patch };
}

describe.each([
  ["plain data", plainJson()],
  ["whatever can be stored", anyValue()],
])("a patch between values of %s", (_, values) => {
  const pairs = anyPair(values).map(patchOf);

  test("makes the encoding of the first that of the second, to the letter", () => {
    fc.assert(
      fc.property(pairs, ({ before, after, patch }) => {
        fc.pre(patch !== undefined);
        const edits = JSON.parse(patch.text) as Edit[];
        expect(JSON.stringify(applyInPlace(JSON.parse(before.text), edits))).toBe(after.text);
      }),
      { numRuns: 1_000 },
    );
  });

  test("makes the first the second, and leaves the first as it was", () => {
    fc.assert(
      fc.property(pairs, ({ before, after, patch }) => {
        fc.pre(patch !== undefined);
        const edits = (JSON.parse(patch.text) as Edit[]).map((edit) =>
          withParts(edit, (part) => codec.decode(part).value),
        );
        const made = codec.record(applyToCopy(before.value, edits), "made");
        expect(made.text).toBe(after.text);
        expect(codec.record(before.value, "before").text).toBe(before.text);
      }),
      { numRuns: 1_000 },
    );
  });

  test("knows to the byte how the encoding grows", () => {
    fc.assert(
      fc.property(pairs, ({ before, after, patch }) => {
        fc.pre(patch !== undefined);
        expect(before.bytes + patch.growth).toBe(after.bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has the form that a payload may have", () => {
    fc.assert(
      fc.property(pairs, ({ patch }) => {
        fc.pre(patch !== undefined && patch.text !== "[]");
        const edits = JSON.parse(patch.text) as Edit[];
        expect(patchSchema.safeParse({ on: 1, bytes: 0, edits }).error).toBeUndefined();
      }),
    );
  });
});
