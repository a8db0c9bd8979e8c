import { describe, expect, it } from "vitest";
import { differenceLines, type DifferenceLook } from "../../src/cli/difference-lines.js";
import { safeText } from "../../src/cli/styled-text.js";
import { diffValues } from "../../src/index.js";

const words = "It was a dark and stormy night; the rain fell in torrents, except at occasional intervals. ";

describe("differenceLines", () => {
  it("marks what was added, removed and changed by a sign and a colour", () => {
    const lines = [...differenceLines(diffValues({ a: 1, b: 2 }, { b: 3, plan: ["x"] }), { longest: 100 })];

    expect(lines).toEqual([
      [{ text: "- a: 1", style: "red" }],
      [{ text: "~ b: ", style: "yellow" }, { text: "2", style: "red" }, " → ", { text: "3", style: "green" }],
      [{ text: '+ plan: ["x"]', style: "green" }],
    ]);
  });

  it("writes places as in code", () => {
    const before = { plan: { steps: [{ n: 1 }] }, "odd.key": { "": 1 } };
    const after = { plan: { steps: [{ n: 2 }] }, "odd.key": { "": 2 } };

    expect(told(before, after)).toEqual(["~ plan.steps[0].n: 1 → 2", '~ ["odd.key"][""]: 1 → 2']);
  });

  it("says so where all of a value is another", () => {
    expect(told(1, [2])).toEqual(["~ (the whole value): 1 → [2]"]);
  });

  it("gives each side of a longer change a line of its own", () => {
    expect(told({ a: [1, 2, 3] }, { a: "x".repeat(60) })).toEqual([
      "~ a:",
      "    - [1,2,3]",
      `    + "${"x".repeat(60)}"`,
    ]);
  });

  it("tells a change of a long text by its edits, with what is around them", () => {
    expect(told({ story: words }, { story: `${words.replace("dark", "bright")}Then` })).toEqual([
      "~ story: 2 edits",
      "    It was a [-dark-]{+bright+} and stormy night; the r…",
      "    …t occasional intervals. {+Then+}",
    ]);
  });

  it("tells the first hundred edits of a text, and counts the others", () => {
    const text = Array.from({ length: 150 }, (_, n) => `${"word ".repeat(20)}${n}\n`).join("");

    const lines = told({ text }, { text: text.replaceAll(/\d+/g, "changed") });

    expect(lines).toHaveLength(102);
    expect(lines.at(-1)).toBe("    and 50 more edits");
  });

  it("cuts long values, in edits too", () => {
    const lines = told(
      { list: 1, text: words },
      { list: ["a", "b", "c", "d"], text: `${words}${"y".repeat(50)}`, long: "z".repeat(50) },
      { longest: 10 },
    );

    expect(lines).toEqual([
      '~ list: 1 → ["a","b",…',
      "~ text: 1 edit",
      "    …t occasional intervals. {+yyyyyyyyy…+}",
      '+ long: "zzzzzzzz…',
    ]);
  });

  it("puts a mark beside every place", () => {
    expect(told({ a: 1 }, { a: 2, b: 1 }, { longest: 100, mark: "ephemeral" })).toEqual([
      "~ a (ephemeral): 1 → 2",
      "+ b (ephemeral): 1",
    ]);
  });

  it("can be printed safely whatever the keys and values are", () => {
    expect(told({}, { "\u001b[2J": "\u001b[2J\u009b" })).toEqual([
      String.raw`+ ["\u001b[2J"]: "\u001b[2J\u009b"`,
    ]);
  });

  it("makes only the lines that are asked for", () => {
    const unread = {
      kind: "added",
      path: ["b"],
      get after() {
        throw new Error("read");
      },
    } as const;

    const lines = differenceLines([{ kind: "added", path: ["a"], after: 1 }, unread], { longest: 100 });

    expect(lines.next().value).toEqual([{ text: "+ a: 1", style: "green" }]);
  });
});

function told(before: unknown, after: unknown, look: DifferenceLook = { longest: 200 }): string[] {
  const lines = [...differenceLines(diffValues(before, after), look)];
  return lines.map((line) => line.map(safeText).join(""));
}
