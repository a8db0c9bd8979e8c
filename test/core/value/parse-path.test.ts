import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePath, type ValuePath, writePath } from "../../../src/core/value/parse-path.js";
import { refusalOf } from "../../support/refusal.js";

describe("a path into a value", () => {
  it.each<[string, ValuePath]>([
    ["plan", ["plan"]],
    ["plan.steps[3].done", ["plan", "steps", 3, "done"]],
    ['["odd.key"]["a]b"].x', ["odd.key", "a]b", "x"]],
    ["a b.c d", ["a b", "c d"]],
    ["7", ["7"]],
    ['[""]', [""]],
    ["__proto__.x", ["__proto__", "x"]],
  ])("is read as it would be written in code: %s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it.each(["", ".a", "a.", "a[", "a[x]", "a[1", "[3]", 'a["b]', "a[1]b", "a[99999999999999999999]"])(
    "is refused with its text where it is none: %j",
    async (text) => {
      expect(await refusalOf(() => parsePath(text))).toMatchObject({
        code: "PATH_INVALID",
        details: { path: text },
      });
    },
  );

  it("is read as what was written, whatever the keys", () => {
    const step = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.nat());
    const path = fc.tuple(fc.string({ unit: "binary" }), fc.array(step, { maxLength: 5 }));

    fc.assert(
      fc.property(path, ([key, steps]) => {
        expect(parsePath(writePath([key, ...steps]))).toEqual([key, ...steps]);
      }),
      { numRuns: 2000 },
    );
  });
});
