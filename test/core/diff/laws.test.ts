import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyDifference } from "../../../src/core/diff/apply-difference.js";
import type { Difference, Path } from "../../../src/core/diff/difference.js";
import { diffValues } from "../../../src/core/diff/diff-values.js";
import { createCodec } from "../../../src/core/value/codec.js";
import { equalValues } from "../../../src/core/value/equal.js";
import { anyPair } from "../../support/mutations.js";
import { anyValue } from "../../support/values.js";

const codec = createCodec();
const runs = { numRuns: 1000 };

describe("a difference", () => {
  it("makes the later value from the earlier one", () => {
    fc.assert(
      fc.property(anyPair(anyValue()), ([before, after]) => {
        expect(equalValues(applyDifference(diffValues(before, after), before), after)).toBe(true);
      }),
      runs,
    );
  });

  it("makes it by the words of its definition, too", () => {
    fc.assert(
      fc.property(anyPair(anyValue()), ([before, after]) => {
        expect(equalValues(interpret(diffValues(before, after), before), after)).toBe(true);
      }),
      runs,
    );
  });

  it("makes it from arrays of a few values, in any order", () => {
    const few = fc.array(
      fc.constantFrom<unknown>(0, -0, 1, "1", null, { id: 1 }, { id: 2, a: 1 }, { a: [1] }),
      {
        maxLength: 40,
      },
    );

    fc.assert(
      fc.property(few, few, (before, after) => {
        const difference = diffValues(before, after);

        expect(equalValues(applyDifference(difference, before), after)).toBe(true);
        expect(equalValues(interpret(difference, before), after)).toBe(true);
      }),
      runs,
    );
  });

  it("makes it even where unequal elements look alike to a hash that only samples long texts", () => {
    const text = (changed: string) => `a${changed}${"a".repeat(10_000)}`;
    const [one, other] = [{ text: text("b") }, { text: text("c") }];
    const [before, after] = [
      [1, one, 2, 3, { ...other }],
      [4, { ...other }, 5, 6, { ...one }, other, 7],
    ];

    expect(applyDifference(diffValues(before, after), before)).toEqual(after);
  });

  it("is empty exactly if the values are equal", () => {
    fc.assert(
      fc.property(anyPair(anyValue()), ([before, after]) => {
        expect(diffValues(before, after).length === 0).toBe(equalValues(before, after));
        expect(diffValues(before, before)).toEqual([]);
        expect(diffValues(before, codec.thaw(codec.take(before, "value")))).toEqual([]);
      }),
      runs,
    );
  });

  it("names each removed part's place in the earlier value, and any other's in the later one", () => {
    fc.assert(
      fc.property(anyPair(anyValue()), ([before, after]) => {
        for (const change of diffValues(before, after)) {
          if (change.kind === "removed") expect(read(before, change.path)).toBe(change.before);
          else expect(read(after, change.path)).toBe(change.after);
        }
      }),
      runs,
    );
  });

  it("writes to neither value when it is made or applied", () => {
    fc.assert(
      fc.property(anyPair(anyValue()), ([before, after]) => {
        const copies = [before, after].map((value) => codec.thaw(codec.take(value, "value")));

        applyDifference(diffValues(before, after), before);

        expect(equalValues([before, after], copies)).toBe(true);
      }),
    );
  });
});

/** Takes out what was removed, from last to first; then puts in what is new, from first to last. */
function interpret(difference: Difference, before: unknown): unknown {
  const box = { root: codec.thaw(codec.take(before, "value")) };
  for (const { kind, path } of [...difference].reverse()) {
    if (kind !== "removed") continue;
    const [parent, last] = open(box.root, path);
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else Reflect.deleteProperty(parent, last);
  }
  for (const change of difference) {
    if (change.kind === "removed") continue;
    if (change.path.length === 0) return change.after;
    const [parent, last] = open(box.root, change.path);
    if (Array.isArray(parent)) parent.splice(Number(last), change.kind === "added" ? 0 : 1, change.after);
    else
      Object.defineProperty(parent, last, {
        value: change.after,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return box.root;
}

function open(root: unknown, path: Path): readonly [parent: object, last: string | number] {
  return [read(root, path.slice(0, -1)) as object, path.at(-1) ?? ""];
}

function read(value: unknown, path: Path): unknown {
  return path.reduce((part, step) => {
    expect(Object.hasOwn(part as object, step)).toBe(true);
    return (part as Record<string | number, unknown>)[step];
  }, value);
}
