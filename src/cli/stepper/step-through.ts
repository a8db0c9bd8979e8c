import type { Context } from "../../index.js";
import type { Cli } from "../cli.js";
import type { CliTerminal } from "../cli-io.js";
import { getContext, type Place } from "../references.js";
import { type RangeWish, readRange, type ReplayRange } from "../replay-range.js";
import { ContextTape } from "../context-tape.js";
import { ReplayedTape } from "../replayed-tape.js";
import type { Tape } from "../tape.js";
import { runStepper, type Session } from "./run-stepper.js";
import { Screen } from "./screen.js";
import { StepReader } from "./step-reader.js";
import { createStepper, goToLast } from "./stepper.js";

/** Replays a context on a terminal, from the point of its reference or from the end. */
export async function stepThrough(
  cli: Cli,
  terminal: CliTerminal,
  place: Place,
  wish: RangeWish,
): Promise<void> {
  let screen: Screen | undefined;
  let session: Session | undefined;
  try {
    // A store may be opened anew on the way, to learn of a class; the stepper then goes on where it was.
    await cli.withStore(async (store) => {
      const context = getContext(store, place.id);
      const range = readRange(context, wish);
      const tape = tapeOf(context, range);
      if (tape.first > tape.last) return cli.output.note("No event fits.");
      // What can be refused has been by now, and is told where it can be read.
      session ??= begin(tape, range, place.point);
      screen ??= new Screen(cli.io, terminal);
      const steps = new StepReader(tape, (value) => cli.textOf(value));
      await runStepper(session, { context, tape, steps, screen, hasColor: cli.output.hasColor });
    });
  } finally {
    screen?.[Symbol.dispose]();
  }
}

function tapeOf(context: Context, range: ReplayRange): Tape {
  const { skip } = range;
  return skip.length > 0 ? new ReplayedTape(context, range, skip) : new ContextTape(context, range);
}

function begin({ first, last }: Tape, { match }: ReplayRange, point: string | undefined): Session {
  const wanted = Object.keys(match).length > 0 ? match : undefined;
  const stepper = createStepper({ first, last, at: last, match: wanted });
  if (point !== undefined) return { stepper, request: { kind: "locate", point } };
  return { stepper: { ...stepper, match: undefined }, request: goToLast(stepper).request };
}
