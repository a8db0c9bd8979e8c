import type { Context, ReplayStep } from "../index.js";
import type { Cli } from "./cli.js";
import { ContextTape } from "./context-tape.js";
import { fits } from "./event-match.js";
import { eventRow, eventShape } from "./event-shape.js";
import { findEvents } from "./find-events.js";
import type { StepShape } from "./json-shapes.js";
import { writeLogRows } from "./log-rows.js";
import type { ReplayRange } from "./replay-range.js";
import { replayWithout } from "./replayed-tape.js";
import { skippedText, stepLines } from "./step-lines.js";

/** What a value shows of itself in a list. */
const longestValue = 500;

type Step = Pick<ReplayStep, "event" | "changed" | "skipped">;

/** Lists the steps of a replay: as text, as one document, or as a document a line. */
export async function listReplay(
  cli: Cli,
  context: Context,
  range: ReplayRange,
  form: "text" | "document" | "lines",
): Promise<void> {
  const steps = stepsOf(context, range);
  if (form === "document") {
    const shapes = Array.from(steps, (step) => stepShape(cli, step));
    return cli.output.document("replay", { context: context.id, steps: shapes });
  }
  let isEmpty = true;
  for (const step of steps) {
    isEmpty = false;
    if (form === "lines") await cli.output.json(JSON.stringify({ format: 1, ...stepShape(cli, step) }));
    else await writeStep(cli, step);
  }
  if (isEmpty && cli.output.isTerminal) await cli.output.note("No event fits.");
}

function* stepsOf(
  context: Context,
  { first, last = context.sequence, match, skip }: ReplayRange,
): Generator<Step, void, void> {
  if (first > last) return;
  if (skip.length > 0 || Object.keys(match).length === 0) {
    for (const step of replayWithout(context, skip, { first, last }))
      if (step.event.sequence >= first && fits(step.event, match)) yield step;
    return;
  }
  // Few events may be meant: what each of them changed is found by itself.
  const tape = new ContextTape(context, { first, last });
  for (const { events } of findEvents(context, match, { order: "oldest", after: first - 1, until: last }))
    for (const event of events) yield { event, changed: tape.changes(event), skipped: false };
}

function stepShape(cli: Cli, { event, changed, skipped }: Step): StepShape {
  return {
    event: eventShape(cli, event),
    skipped,
    changed: changed.map(({ key, scope, ...sides }) => ({
      key,
      scope,
      ...("before" in sides && { before: cli.treeOf(sides.before) }),
      ...("after" in sides && { after: cli.treeOf(sides.after) }),
    })),
  };
}

async function writeStep(cli: Cli, { event, changed, skipped }: Step): Promise<void> {
  const look = { longest: longestValue, textOf: (value: unknown) => cli.textOf(value) };
  await writeLogRows(cli.output, [eventRow(event)]);
  if (skipped) return cli.output.line("  ", { text: skippedText, style: "yellow" });
  for (const line of stepLines(event, changed, look)) await cli.output.line("  ", ...line);
}
