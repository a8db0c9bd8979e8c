import { describe, expect, it } from "vitest";
import { stateLines } from "../../../src/cli/stepper/state-lines.js";
import { safeText } from "../../../src/cli/styled-text.js";

const look = { longest: 100 };

describe("stateLines", () => {
  it("gives a short value the line of its name, and a longer one lines for its parts", () => {
    const steps = Array.from({ length: 3 }, (_, n) => ({ task: `write chapter ${n}`, isDone: false }));

    expect(told({ goal: "ship", plan: { owner: null, steps }, "odd key": [1n] })).toEqual([
      '  goal: "ship"',
      "  plan: 2 keys",
      "    owner: null",
      "    steps: 3 elements",
      '      [0]: {"task":"write chapter 0","isDone":false}',
      '      [1]: {"task":"write chapter 1","isDone":false}',
      '      [2]: {"task":"write chapter 2","isDone":false}',
      '  "odd key": [{"$type":"bigint","value":"1"}]',
    ]);
  });

  it("cuts what has no parts", () => {
    const lines = told({ text: "x".repeat(200), when: new Map([["a", "y".repeat(200)]]) });

    expect(lines).toEqual([
      `  text: "${"x".repeat(98)}…`,
      `  when: {"$type":"map","value":[["a","${"y".repeat(69)}…`,
    ]);
  });

  it("marks what an event changed or added", () => {
    const state = new Map(Object.entries({ a: 1, b: 2, c: 3 }));

    const lines = stateLines(
      state,
      [
        { key: "a", scope: "persistent", before: 0, after: 1 },
        { key: "b", scope: "persistent", after: 2 },
        { key: "c", scope: "ephemeral", after: 3 },
      ],
      look,
    );

    expect(Array.from(lines, (line) => line.map(safeText).join(""))).toEqual(["~ a: 1", "+ b: 2", "  c: 3"]);
  });

  it("says so where there is nothing", () => {
    expect(told({})).toEqual(["There are no keys."]);
  });

  it("does not walk through what is not looked at", () => {
    const list = Array.from({ length: 1_000_000 }, (_, n) => n);

    const lines = stateLines([["list", list]], [], look);
    const first = [lines.next().value, lines.next().value].map((line) => (line ?? []).map(safeText).join(""));

    expect(first).toEqual(["  list: 1000000 elements", "    [0]: 0"]);
  });
});

function told(state: Readonly<Record<string, unknown>>): string[] {
  return Array.from(stateLines(Object.entries(state), [], look), (line) => line.map(safeText).join(""));
}
