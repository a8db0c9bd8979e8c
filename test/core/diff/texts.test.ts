import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextEdit } from "../../../src/core/diff/difference.js";
import { diffValues } from "../../../src/core/diff/diff-values.js";
import { applyTextEdits } from "../../../src/core/diff/text-edits.js";
import { isContextError } from "../../../src/core/errors.js";

const long = "The quick brown fox jumps over the lazy dog, and then it rests for a while.\n";

describe("the edits of a long text", () => {
  it("make the later text from the earlier one, in order and apart", () => {
    fc.assert(
      fc.property(longText(), longText(), (before, after) => {
        const edits = findEdits(before, after);

        expect(applyTextEdits(before, edits)).toBe(after);
        expect(edits.every((edit, i) => edit.at > endOf(edits[i - 1]))).toBe(true);
        expect(edits.every(({ at, removed }) => before.startsWith(removed, at))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("are one for a text that grew, whatever comes", () => {
    fc.assert(
      fc.property(longText(), fc.string({ unit: "grapheme", minLength: 1 }), (text, more) => {
        expect(findEdits(text, text + more)).toEqual([{ at: text.length, removed: "", inserted: more }]);
      }),
    );
  });

  it.each<[string, string, string, TextEdit[]]>([
    ["a word", long, long.replace("quick", "slow"), [{ at: 4, removed: "quick", inserted: "slow" }]],
    [
      "two words far apart",
      long,
      long.replace("quick", "slow").replace("rests", "sleeps"),
      [
        { at: 4, removed: "quick", inserted: "slow" },
        { at: 57, removed: "rests", inserted: "sleeps" },
      ],
    ],
    [
      "lines, of which most stay",
      long.repeat(3),
      `First.\n${long}${long}Last.\n${long}`,
      [
        { at: 0, removed: "", inserted: "First.\n" },
        { at: 2 * long.length, removed: "", inserted: "Last.\n" },
      ],
    ],
    [
      "everything",
      "a".repeat(64),
      "b".repeat(64),
      [{ at: 0, removed: "a".repeat(64), inserted: "b".repeat(64) }],
    ],
  ])("are few: %s", (_, before, after, edits) => {
    expect(findEdits(before, after)).toEqual(edits);
  });

  it.each([
    ["that is put before one of the same first half", "\u{1f600}", "\u{1f601}\u{1f600}", "", "\u{1f601}"],
    ["whose second half stays", "\u{1f600}", "\u{1fa00}", "\u{1f600}", "\u{1fa00}"],
    ["whose first half stays", "\u{1f600}", "\u{1f601}", "\u{1f600}", "\u{1f601}"],
  ])("never cut a character in half, one %s", (_, one, other, removed, inserted) => {
    const around = "-".repeat(600);

    expect(findEdits(around + one + around, around + other + around)).toEqual([
      { at: around.length, removed, inserted },
    ]);
  });

  it("are not given for a short text", () => {
    expect(diffValues(long, "short")).toEqual([{ kind: "changed", path: [], before: long, after: "short" }]);
  });

  it("are refused by a text they were not made for", () => {
    const edits = findEdits(long, long.replace("quick", "slow"));

    expect(() => applyTextEdits("another text", edits)).toThrow(
      expect.toSatisfy((error: unknown) => isContextError(error, "PATCH_INVALID")),
    );
  });
});

/** Texts that have something in common, hostile characters included. */
function longText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom("the ", "fox", "\n", "lazy dog, ", "a\r\n", "\ud83d", "\ude00", "\u{1f600}", " "),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  return fc.array(piece, { maxLength: 60 }).map((pieces) => `${pieces.join("")}${"-".repeat(64)}`);
}

function findEdits(before: string, after: string): readonly TextEdit[] {
  return diffValues(before, after).flatMap((change) =>
    change.kind === "changed" ? (change.text ?? []) : [],
  );
}

function endOf(edit: TextEdit | undefined): number {
  return edit === undefined ? -1 : edit.at + edit.removed.length;
}
