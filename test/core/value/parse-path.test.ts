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

  it("is not read from what is no text, and no text is made of that", async () => {
    let list: unknown = 1;
    for (let level = 0; level < 60; level += 1) list = [list, list];

    // A caller without types may pass anything.
    expect((await refusalOf(() => parsePath(list as string))).code).toBe("OPTION_INVALID");
  });

  it.each<[string, unknown]>([
    ["text", "plan"],
    ["nothing", undefined],
    ["a number", 7],
    ["a function", () => ["plan"]],
    ["an empty list", []],
    ["an index alone", [3]],
    ["a list with holes", Array(2 ** 32 - 1)],
    ["a step that is no key", ["plan", {}]],
    ["a step that is no index", ["plan", -1.5]],
  ])("is not written where it is none: %s", async (_, path) => {
    // A caller without types may pass anything.
    expect(await refusalOf(() => writePath(path as ValuePath))).toMatchObject({
      code: "OPTION_INVALID",
      details: { option: "path" },
    });
  });

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
