import type { Context, ContextEvent } from "../index.js";
import type { Cli } from "./cli.js";
import { eventRow, eventShape } from "./event-shape.js";
import { findEvents } from "./find-events.js";
import type { StepShape } from "./json-shapes.js";
import { writeLogRows } from "./log-rows.js";
import type { ReplayRange } from "./replay-range.js";
import { stepLines } from "./step-lines.js";
import { ContextTape } from "./context-tape.js";
import type { KeyChange } from "./tape.js";

/** What a value shows of itself in a list. */
const longestValue = 500;

interface Step {
  readonly event: ContextEvent;
  readonly changed: readonly KeyChange[];
}

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

function* stepsOf(context: Context, { first, last, match }: ReplayRange): Generator<Step, void, void> {
  const tape = new ContextTape(context, { first, last });
  for (const { events } of findEvents(context, match, {
    order: "oldest",
    after: first - 1,
    until: tape.last,
  })) {
    for (const event of events) yield { event, changed: tape.changes(event) };
  }
}

function stepShape(cli: Cli, { event, changed }: Step): StepShape {
  return {
    event: eventShape(cli, event),
    changed: changed.map(({ key, scope, ...sides }) => ({
      key,
      scope,
      ...("before" in sides && { before: cli.treeOf(sides.before) }),
      ...("after" in sides && { after: cli.treeOf(sides.after) }),
    })),
  };
}

async function writeStep(cli: Cli, { event, changed }: Step): Promise<void> {
  const look = { longest: longestValue, textOf: (value: unknown) => cli.textOf(value) };
  await writeLogRows(cli.output, [eventRow(event)]);
  for (const line of stepLines(event, changed, look)) await cli.output.line("  ", ...line);
}
