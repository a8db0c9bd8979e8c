import { describe, expect, it } from "vitest";
import { ContextTape } from "../../../src/cli/context-tape.js";
import { StepReader } from "../../../src/cli/stepper/step-reader.js";
import { createStepper, type Stepper } from "../../../src/cli/stepper/stepper.js";
import type { Tape } from "../../../src/cli/tape.js";
import { safeText } from "../../../src/cli/styled-text.js";
import { ContextError, encodeValue, openMemoryStore } from "../../../src/index.js";

const corrupt = new ContextError("EVENT_UNREADABLE", {
  context: "run-42",
  sequence: 2,
  why: "it is damaged",
});

describe("a reader of steps", () => {
  it("asks for a step once, however often it is looked at", () => {
    const { reader, asked } = readerOf();

    for (const at of [2, 3, 2, 3]) {
      reader.event(at);
      look(reader, { at });
      look(reader, { at, pane: "state" });
    }

    expect(asked.filter((what) => what === "event 2")).toEqual(["event 2"]);
    expect(asked.filter((what) => what === "changes 2")).toEqual(["changes 2"]);
    expect(asked.filter((what) => what.startsWith("view"))).toEqual(["view 2"]);
  });

  it("asks for nothing that is not looked at", () => {
    const { reader, asked } = readerOf();

    look(reader, { at: 3 });
    look(reader, { at: 3, isHelpShown: true });

    expect(asked).toEqual(["event 3", "changes 3"]);
  });

  it("lets go of steps that were looked at long ago", () => {
    const { reader, asked } = readerOf();

    for (let at = 1; at <= 30; at += 1) reader.event(at);
    reader.event(30);
    reader.event(1);

    expect(asked.filter((what) => what === "event 1" || what === "event 30")).toEqual([
      ...["event 1", "event 30", "event 1"],
    ]);
  });

  it("shows what is wrong with an event that cannot be read, and goes on with others", () => {
    const { reader } = readerOf({ event: fail(corrupt) });

    expect(reader.event(2)).toBeUndefined();
    expect(look(reader, { at: 2 })).toEqual([corrupt.message]);
    expect(look(reader, { at: 3 })[0]).toBe("~ a: 1 → 2");
  });

  it("shows what is wrong with a state", () => {
    const { reader } = readerOf({ view: fail(corrupt) });

    expect(look(reader, { at: 2, pane: "state" })).toEqual([corrupt.message]);
  });

  it("hands on what is wrong with everything", () => {
    const gone = new ContextError("CONTEXT_DELETED", { context: "run-42" });
    const { reader } = readerOf({ event: fail(gone), view: fail(gone) });

    expect(() => reader.event(2)).toThrow(gone);
    expect(() => look(reader, { at: 3, pane: "state" }).concat(look(reader, { at: 2 }))).toThrow(gone);
  });
});

/** A reader of a small history, and what it asked for; parts of the history may fail at event 2. */
function readerOf(broken: Partial<Record<"event" | "view", () => never>> = {}) {
  const context = openMemoryStore().context("run-42");
  for (let n = 1; n <= 40; n += 1) context.set("a", n);
  const tape = new ContextTape(context, { first: 1, last: undefined });
  const asked: string[] = [];
  const ask = (what: "event" | "view" | "changes", sequence: number) => {
    asked.push(`${what} ${sequence}`);
    if (what !== "changes" && sequence === 2) broken[what]?.();
  };
  const watched: Tape = {
    first: 1,
    last: tape.last,
    refresh: () => undefined,
    isSkipped: () => false,
    event: (sequence) => (ask("event", sequence), tape.event(sequence)),
    view: (sequence) => (ask("view", sequence), tape.view(sequence)),
    changes: (event) => (ask("changes", event.sequence), tape.changes(event)),
  };
  return { reader: new StepReader(watched, encodeValue), asked };
}

function look(reader: StepReader, parts: Partial<Stepper>): string[] {
  const stepper = { ...createStepper({ first: 1, last: 41, at: 1, match: undefined }), ...parts };
  return reader
    .pane(stepper, 200)
    .slice(0, 3)
    .map((line) => line.map(safeText).join(""));
}

function fail(error: Error): () => never {
  return () => {
    throw error;
  };
}
