import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/diff/difference.js";
import { diffValues } from "../../../src/core/diff/diff-values.js";
import { anyValue } from "../../support/values.js";

describe("a change of an array", () => {
  it("is one change for each element that was put in or taken out, wherever", () => {
    fc.assert(
      fc.property(fc.array(anyValue(), { maxLength: 8 }), fc.nat(8), anyValue(), (array, place, value) => {
        const longer = [...array.slice(0, place), value, ...array.slice(place)];

        expect(diffValues(array, longer)).toMatchObject([{ kind: "added" }]);
        expect(diffValues(longer, array)).toMatchObject([{ kind: "removed" }]);
      }),
    );
  });

  it("is as many changes as were appended", () => {
    fc.assert(
      fc.property(
        fc.array(anyValue(), { maxLength: 6 }),
        fc.array(anyValue(), { maxLength: 6 }),
        (array, more) => {
          const added = more.map((after, i) => ({ kind: "added", path: [array.length + i], after }));

          expect(diffValues(array, [...array, ...more])).toEqual(added);
        },
      ),
    );
  });

  it("is never more than to take all out and put all in", () => {
    const few = fc.array(fc.nat(3), { maxLength: 30 });

    fc.assert(
      fc.property(few, few, (before, after) => {
        expect(diffValues(before, after).length).toBeLessThanOrEqual(editsByTable(before, after));
      }),
    );
  });

  it.each<[string, unknown[], unknown[], Change[]]>([
    ["at the front, of objects", messages(3), [{ n: 9 }, ...messages(3)], [added([0], { n: 9 })]],
    ["a scalar at its place", [1, 2, 3], [1, 9, 3], [changed([1], 2, 9)]],
    ["inside an element", [{ a: 1, b: 1 }], [{ a: 1, b: 2 }], [changed([0, "b"], 1, 2)]],
    [
      "inside an element that moved by an insertion, told by what else is in it",
      [{ a: 1, b: 1, c: 1 }],
      [
        { a: 7, b: 8, c: 9 },
        { a: 1, b: 1, c: 2 },
      ],
      [added([0], { a: 7, b: 8, c: 9 }), changed([1, "c"], 1, 2)],
    ],
    [
      "inside an element of the same id, though little else is the same",
      [
        { id: 1, a: 1 },
        { id: 2, a: 2 },
        { id: 3, a: 3 },
      ],
      [
        { id: 2, b: 5 },
        { id: 3, a: 4 },
      ],
      [removed([0], { id: 1, a: 1 }), removed([1, "a"], 2), added([0, "b"], 5), changed([1, "a"], 3, 4)],
    ],
    [
      "of an element for another id",
      [{ id: 1, a: 1 }],
      [{ id: 2, a: 1 }],
      [removed([0], { id: 1, a: 1 }), added([0], { id: 2, a: 1 })],
    ],
    [
      "within arrays of arrays",
      [[1, 2], [3]],
      [
        [1, 2],
        [0, 3],
      ],
      [added([1, 0], 0)],
    ],
  ])("is shown where it is: %s", (_, before, after, difference) => {
    expect(diffValues(before, after)).toEqual(difference);
  });

  it("is shown inside the elements when all of many changed a little", () => {
    const before = messages(2000).map((message) => ({ ...message, read: false }));
    const after = before.map((message) => ({ ...message, read: true }));

    const difference = diffValues(before, [{ n: -1 }, ...after]);

    expect(difference.length).toBeLessThanOrEqual(2001);
  });

  it("is one change of the whole when nothing of a long one is left", () => {
    const before = Array.from({ length: 20 }, (_, i) => i);
    const after = before.map((i) => -1 - i);

    expect(diffValues({ list: before }, { list: after })).toEqual([changed(["list"], before, after)]);
  });
});

function messages(count: number) {
  return Array.from({ length: count }, (_, n) => ({ n, text: `message ${n}` }));
}

function added(path: (string | number)[], after: unknown): Change {
  return { kind: "added", path, after };
}

function removed(path: (string | number)[], before: unknown): Change {
  return { kind: "removed", path, before };
}

function changed(path: (string | number)[], before: unknown, after: unknown): Change {
  return { kind: "changed", path, before, after };
}

/** The fewest insertions and removals, by the textbook's table. */
function editsByTable(before: readonly number[], after: readonly number[]): number {
  let row = Array.from({ length: after.length + 1 }, (_, j) => j);
  for (const [i, element] of before.entries()) {
    const next = [i + 1];
    for (const [j, other] of after.entries()) {
      next.push(element === other ? row[j]! : 1 + Math.min(row[j + 1]!, next[j]!));
    }
    row = next;
  }
  return row.at(-1)!;
}
