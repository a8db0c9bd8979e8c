import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutLine, wrapLine } from "../../../src/cli/stepper/line-width.js";
import { Pane } from "../../../src/cli/stepper/pane.js";
import { type Fragment, safeText } from "../../../src/cli/styled-text.js";
import { displayWidth } from "../../../src/cli/terminal-text.js";

describe("a pane", () => {
  it("makes no more lines than are looked at, and each of them once", () => {
    let made = 0;
    const pane = new Pane(endless(), 40);

    const looked = [pane.slice(0, 3), pane.slice(1, 2), pane.slice(2, 1)];

    expect(looked.map((lines) => lines.map(textOf))).toEqual([["1", "2", "3"], ["2", "3"], ["3"]]);
    expect(made).toBe(3);

    function* endless() {
      for (;;) yield [String((made += 1))];
    }
  });

  it("scrolls until its last line is at the bottom", () => {
    const pane = new Pane([["a"], ["b"], ["c"], ["d"]], 40);

    expect([0, 1, 2, 3, 99].map((scroll) => pane.clampScroll(scroll, 3))).toEqual([0, 1, 1, 1, 1]);
    expect(pane.clampScroll(5, 10)).toBe(0);
    expect([pane.has(3), pane.has(4)]).toEqual([true, false]);
  });

  it("breaks lines to its width", () => {
    const pane = new Pane([["one two three four"], ["x"]], 10);

    expect(pane.slice(0, 9).map(textOf)).toEqual(["one two ", "    three ", "    four", "x"]);
  });
});

describe("wrapLine", () => {
  it("keeps how pieces look, and breaks words that are longer than a line", () => {
    const lines = [...wrapLine(["+ ", { text: "a".repeat(30), style: "green" }], 16)];

    expect(lines).toEqual([
      ["+ ", { text: "a".repeat(14), style: "green" }],
      ["    ", { text: "a".repeat(12), style: "green" }],
      ["    ", { text: "aaaa", style: "green" }],
    ]);
  });

  it("loses nothing, and stays within the width, whatever the text", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constant("鍵 鍵 "),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.integer({ min: 8, max: 30 }), (texts, width) => {
        const lines = [...wrapLine(texts, width)];

        expect(lines.filter((line) => displayWidth(textOf(line)) > width)).toEqual([]);
        expect(lines.map((line, index) => textOf(line.slice(index === 0 ? 0 : 1))).join("")).toBe(
          textOf(texts),
        );
      }),
    );
  });
});

describe("cutLine", () => {
  it("cuts where the width ends, across pieces", () => {
    const line: readonly Fragment[] = ["abc", { text: "defg", style: "red" }, "h"];

    expect([8, 7, 6, 3, 2].map((width) => textOf(cutLine(line, width)))).toEqual([
      ...["abcdefgh", "abcdef…", "abcde…", "ab…", "a…"],
    ]);
  });
});

function textOf(line: readonly Fragment[]): string {
  return line.map(safeText).join("");
}
