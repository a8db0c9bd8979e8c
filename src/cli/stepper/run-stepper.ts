import { setImmediate as breathe } from "node:timers/promises";
import { type Context, isContextError } from "../../index.js";
import { CliError, interruption } from "../cli-error.js";
import { failureOf } from "../report-error.js";
import { findEvents } from "../find-events.js";
import { drawFrame, paneHeight } from "./frame.js";
import { firstEventAt, readPoint } from "../points.js";
import { press } from "./press.js";
import type { Screen } from "./screen.js";
import type { StepReader } from "./step-reader.js";
import {
  arriveAtMatch,
  arriveAtPoint,
  refuse,
  type Request,
  say,
  type Seek,
  type Stepper,
} from "./stepper.js";
import type { Tape } from "../tape.js";

/** After this time a search says where it is. */
const patienceMs = 200;

/** What a stepper works with while a store is open. */
export interface Stage {
  readonly context: Context;
  readonly tape: Tape;
  readonly steps: StepReader;
  readonly screen: Screen;
  readonly hasColor: boolean;
}

/** Where a stepper stands, and what it was asked for and has not done yet; outlives the opening of a store. */
export interface Session {
  stepper: Stepper;
  request: Request | undefined;
}

/**
 * Lets a person step through a history until they leave.
 * @throws {CliError} INTERRUPTED
 */
export async function runStepper(session: Session, stage: Stage): Promise<void> {
  for (;;) {
    const { request } = session;
    if (request?.kind === "quit") {
      if (request.ending === "interrupted") throw interruption();
      return;
    }
    if (request !== undefined) session.stepper = await answer(session.stepper, request, stage);
    session.request = undefined;
    if (!stage.screen.hasInput) session.stepper = draw(session.stepper, stage);
    await takeInput(session, stage);
  }
}

async function takeInput(session: Session, { screen, tape }: Stage): Promise<void> {
  const input = await screen.next();
  if (input.kind === "closed") session.request = { kind: "quit", ending: "ok" };
  if (input.kind !== "key") return;
  tape.refresh();
  const turn = press({ ...session.stepper, last: tape.last }, input.key);
  session.stepper = turn.stepper;
  session.request = turn.request;
}

/** Draws what is to be seen; gives the stepper as it is seen, not scrolled beyond its last line. */
function draw(stepper: Stepper, { context, steps, screen, hasColor }: Stage): Stepper {
  const { size } = screen;
  const pane = steps.pane(stepper, size.columns);
  const seen = { ...stepper, scroll: pane.clampScroll(stepper.scroll, paneHeight(size)) };
  const shown = { context: context.id, event: steps.event(stepper.at), pane };
  screen.draw(drawFrame(seen, shown, { size, hasColor }));
  return seen;
}

async function answer(
  stepper: Stepper,
  request: Exclude<Request, { kind: "quit" }>,
  stage: Stage,
): Promise<Stepper> {
  if (request.kind === "locate") return locate(stepper, request.point, stage);
  for (const stretch of request.stretches) {
    const found = await seek(stepper, { ...request, stretch }, stage);
    if (found === "stopped") return say(stepper, "The search was stopped.");
    if (found !== undefined) return arriveAtMatch(stepper, request.match, found);
  }
  return arriveAtMatch(stepper, request.match, undefined);
}

function locate(stepper: Stepper, text: string, { context }: Stage): Stepper {
  try {
    return arriveAtPoint(stepper, firstEventAt(context, readPoint(text)));
  } catch (error) {
    const isRefusal = error instanceof CliError || isContextError(error);
    if (!isRefusal || isContextError(error, "CLASS_UNKNOWN") || isContextError(error, "CONTEXT_DELETED"))
      throw error;
    return refuse(stepper, failureOf(error).message);
  }
}

/**
 * Looks for so many matching events, or as many as there are, and gives the last one found. Keys that are
 * pressed meanwhile wait, but for Escape.
 */
async function seek(
  stepper: Stepper,
  { match, stretch }: { match: Stepper["match"] & object; stretch: Seek },
  stage: Stage,
): Promise<number | "stopped" | undefined> {
  const { from, steps } = stretch;
  const isForward = steps > 0;
  const [order, until] = isForward
    ? (["oldest", stepper.last] as const)
    : (["newest", stepper.first] as const);
  const begun = performance.now();
  let left = Math.abs(steps);
  let found: number | undefined;
  for (const { events, reached } of findEvents(stage.context, match, { order, after: from, until })) {
    found = events.slice(0, left).at(-1)?.sequence ?? found;
    left -= events.length;
    if (left <= 0) break;
    await breathe();
    if (stage.screen.takeStop()) return "stopped";
    if (performance.now() - begun > patienceMs)
      draw(say(stepper, `Searching, at #${reached}. Escape stops.`), stage);
  }
  return found;
}
