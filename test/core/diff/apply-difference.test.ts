import { describe, expect, it } from "vitest";
import { applyDifference } from "../../../src/core/diff/apply-difference.js";
import type { Difference } from "../../../src/core/diff/difference.js";
import { diffValues } from "../../../src/core/diff/diff-values.js";

describe("applying a difference", () => {
  it("shares what did not change with the given value, and the rest with the difference", () => {
    const before = { kept: { a: 1 }, list: [{ b: 1 }, { c: 1 }] };
    const after = { kept: { a: 1 }, list: [{ n: [1] }, { b: 1 }, { c: 2 }] };

    const result = applyDifference(diffValues(before, after), before) as typeof before;

    expect(result).toEqual(after);
    expect(result.kept).toBe(before.kept);
    expect(result.list[1]).toBe(before.list[0]);
    expect(result.list[0]).toBe(after.list[0]);
  });

  it("gives the value itself where nothing changed", () => {
    const value = { a: 1 };

    expect(applyDifference([], value)).toBe(value);
  });

  it.each<[string, Difference, unknown]>([
    ["a key that is there already", [{ kind: "added", path: ["a"], after: 1 }], { a: 2 }],
    ["a key that is gone", [{ kind: "removed", path: ["a"], before: 1 }], {}],
    ["a key that only the prototype has", [{ kind: "removed", path: ["toString"], before: 1 }], {}],
    ["the prototype", [{ kind: "added", path: ["__proto__", "polluted"], after: 1 }], {}],
    ["an element beyond the end", [{ kind: "added", path: [2], after: 1 }], [1]],
    ["an element that is gone", [{ kind: "changed", path: [1], before: 1, after: 2 }], [1]],
    ["an element of an object", [{ kind: "added", path: [0], after: 1 }], {}],
    ["a key of an array", [{ kind: "added", path: ["length"], after: 1 }], []],
    ["a part of a scalar", [{ kind: "added", path: ["a", "b"], after: 1 }], { a: 1 }],
    ["a part of a Map", [{ kind: "added", path: ["a"], after: 1 }], new Map()],
    ["a new root", [{ kind: "added", path: [], after: 1 }], {}],
    [
      "elements out of order",
      [
        { kind: "added", path: [1], after: 1 },
        { kind: "added", path: [0], after: 1 },
      ],
      [1],
    ],
    [
      "a part of what was replaced",
      [
        { kind: "changed", path: [], before: {}, after: {} },
        { kind: "added", path: ["a"], after: 1 },
      ],
      {},
    ],
    ["a path without end", [{ kind: "added", path: new Array<string>(20_000).fill("a"), after: 1 }], {}],
  ])("refuses a change that does not fit: %s", (_, difference, value) => {
    expect(() => applyDifference(difference, value)).toThrow(
      expect.objectContaining({ code: "PATCH_INVALID" }),
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
