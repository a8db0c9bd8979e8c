import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawFrame, paneHeight, type Size } from "../../../src/cli/stepper/frame.js";
import { Pane } from "../../../src/cli/stepper/pane.js";
import { createStepper, type Stepper } from "../../../src/cli/stepper/stepper.js";
import { displayWidth } from "../../../src/cli/terminal-text.js";
import type { ContextEvent } from "../../../src/index.js";

const size = { columns: 40, rows: 12 };

describe("drawFrame", () => {
  it("shows where, what, who, the pane and the keys", () => {
    expect(frame({ at: 50 }, { lines: 3 }).rows).toEqual([
      "run-42  event #50 of 99  version 7",
      "2026-11-23T10:00:00.000Z  value_set  by…",
      "cause run-41#3  phase research  batch b…",
      "#1 ━━━━━━━━━━━━━━━━●──────────────── #99",
      "── what changed ────────────────────────",
      "line 1",
      "line 2",
      "line 3",
      "",
      "",
      "",
      "← → step   ? help   q quit   : jump   /…",
    ]);
  });

  it("leaves out what the event does not say", () => {
    const { rows } = frame({}, { event: { actor: null, cause: null, phase: null, batch: null, tags: null } });

    expect(rows.slice(1, 3)).toEqual(["2026-11-23T10:00:00.000Z  value_set", ""]);
  });

  it.each([
    [1, "●────"],
    [50, "━━●──"],
    [99, "━━━━●"],
  ])("shows in a bar where %i of 99 is", (at, bar) => {
    const { rows } = frame({ at }, { size: { columns: 12, rows: 12 } });

    expect(rows[3]).toBe(`#1 ${bar} #99`);
  });

  it("shows the only event of a history", () => {
    expect(frame({ first: 1, last: 1, at: 1 }, { size: { columns: 12, rows: 12 } }).rows[3]).toBe(
      "#1 ●───── #1",
    );
  });

  it("says from where it is scrolled, and that there is more", () => {
    const { rows } = frame({ scroll: 2 }, { lines: 20 });

    expect([rows[4], rows[5], rows[10]]).toEqual([
      "── what changed from line 3, more below ",
      "line 3",
      "line 8",
    ]);
  });

  it("puts a message in the place of the keys, over the pane if it is long", () => {
    const message = { text: "one two three four five six seven eight nine ten", isError: true };

    const { rows } = frame({ message }, { lines: 20 });

    expect(rows.slice(9)).toEqual(["line 5", "one two three four five six seven eight ", "    nine ten"]);
  });

  it("shows the end of what is typed, and where the cursor is", () => {
    const short = frame({ prompt: { asks: "jump", text: "@~3" } });
    const long = frame({ prompt: { asks: "filter", text: `key:${"a".repeat(60)}z` } });

    expect([short.rows.at(-1), short.cursor]).toEqual(["jump to: @~3", 12]);
    expect([long.rows.at(-1), long.cursor]).toEqual([`filter: ${"a".repeat(30)}z`, 39]);
    expect(frame({}).cursor).toBeUndefined();
  });

  it("names the filter, and says if the event is not one of those", () => {
    const { rows } = frame({ at: 5, match: { actor: "bob" } }, { size: { columns: 80, rows: 12 } });

    expect(rows[0]).toBe("run-42  event #5 of 99  version 7  filter actor:bob (not this one)");
  });

  it("keeps the number of the event and one line of the pane on the lowest screens", () => {
    expect(frame({}, { size: { columns: 40, rows: 4 }, lines: 9 }).rows).toEqual([
      "line 1",
      "line 2",
      "line 3",
      expect.stringContaining("step"),
    ]);
    expect(frame({}, { size: { columns: 40, rows: 1 } }).rows).toHaveLength(1);
  });

  it("fits any screen, and holds no control character, whatever is shown", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 });
    const hostile = fc.oneof(text, fc.constantFrom("\u001b[2J", "\r\n", "\u009b1m", "鍵鍵鍵", "e\u0301"));
    const anySize = fc.record({
      columns: fc.integer({ min: 8, max: 60 }),
      rows: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(hostile, hostile, anySize, fc.boolean(), (one, two, screen, isAsked) => {
        const parts: Partial<Stepper> = isAsked
          ? { prompt: { asks: "filter", text: two } }
          : { message: { text: one + two, isError: false } };

        const { rows } = frame(
          { ...parts, match: { actor: one } },
          {
            size: screen,
            event: { actor: two, cause: one, tags: { [one]: two } },
            texts: [one, two, one + two],
          },
        );

        expect(rows.length).toBeLessThanOrEqual(screen.rows);
        expect(rows.filter((row) => displayWidth(row) > screen.columns)).toEqual([]);
        expect(rows.filter((row) => /\p{Cc}/u.test(row))).toEqual([]);
      }),
    );
  });
});

describe("paneHeight", () => {
  it("leaves the pane what the rest does not need", () => {
    expect([24, 12, 6, 4, 2, 1].map((rows) => paneHeight({ columns: 80, rows }))).toEqual([
      18, 6, 3, 3, 1, 1,
    ]);
  });
});

function frame(
  parts: Partial<Stepper>,
  shown: { size?: Size; event?: Partial<ContextEvent>; lines?: number; texts?: readonly string[] } = {},
) {
  const screen = shown.size ?? size;
  const texts = shown.texts ?? Array.from({ length: shown.lines ?? 0 }, (_, index) => `line ${index + 1}`);
  const stepper = { ...createStepper({ first: 1, last: 99, at: 50, match: undefined }), ...parts };
  const pane = new Pane(
    texts.map((text) => [text]),
    screen.columns,
  );
  return drawFrame(
    stepper,
    { context: "run-42", event: { ...event, ...shown.event }, pane },
    { size: screen, hasColor: false },
  );
}

const event: ContextEvent = {
  context: "run-42",
  sequence: 50,
  version: 7,
  type: "value_set",
  at: Date.parse("2026-11-23T10:00:00Z"),
  actor: "planner",
  cause: "run-41#3",
  phase: "research",
  batch: "b-1",
  tags: { trace: "t1" },
  idempotencyKey: null,
  effects: [],
  details: {},
  hash: "",
};
