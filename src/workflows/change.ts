import type { Command } from "../core/commands/command.js";
import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import { parsePayload } from "../core/payload.js";
import type { State } from "../core/state.js";
import { type Program, wait } from "../program/program.js";
import { eachEvent } from "./replay.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";
import { Unit } from "./unit.js";

/** What a caller may say beside a command. */
export interface Intent {
  readonly origin: Origin;
  /** The version the caller believes to be the present one. */
  readonly expectedVersion: number | undefined;
}

/** Makes one command happen: in a transaction of its own, or as part of the unit that is open. */
export function* change<Outcome>(
  site: Site,
  live: Live,
  command: Command<Outcome>,
  intent: Intent,
): Program<Outcome> {
  return yield* inUnit(site, intent.origin, (unit) => perform(site, unit, live, command, intent));
}

/** Runs work in the open unit, or in a new one that commits when the work ends. */
export function* inUnit<Result>(
  site: Site,
  origin: Origin,
  work: (unit: Unit) => Program<Result>,
  batch: string | null = null,
): Program<Result> {
  if (site.unit !== undefined) return yield* work(site.unit);
  const { unit, result } = yield* site.engine.write(function* (log) {
    const unit = new Unit(site, log, batch);
    const result = yield* work(unit);
    unit.snapshotWhereDue(origin);
    yield* unit.flush();
    return { unit, result };
  });
  unit.publish();
  return result;
}

/**
 * Decides a command inside a unit; a repeated idempotency key gives the first outcome again.
 * @throws {ContextError} IDEMPOTENCY_MISMATCH, VERSION_CONFLICT, and what the command refuses
 */
export function* perform<Outcome>(
  site: Site,
  unit: Unit,
  live: Live,
  command: Command<Outcome>,
  intent: Intent,
): Program<Outcome> {
  const { asked, decide } = command;
  return yield* performAsked(site, unit, live, { asked, decide, intent, prepare: undefined });
}

/** A command that may have to be prepared by asking the log, once it is known not to be a repetition. */
export type Asked<Outcome> = {
  readonly asked: Command<Outcome>["asked"];
  readonly intent: Intent;
} & (
  | { readonly prepare: () => Program<Command<Outcome>["decide"]> }
  | { readonly prepare: undefined; readonly decide: Command<Outcome>["decide"] }
);

/** Does what {@link perform} does with a command that is made only when it is needed. */
export function* performAsked<Outcome>(
  site: Site,
  unit: Unit,
  live: Live,
  request: Asked<Outcome>,
): Program<Outcome> {
  const state = yield* unit.join(live);
  const { asked, intent } = request;
  const { idempotencyKey } = intent.origin;
  const digest = idempotencyKey === null ? undefined : site.host.digest(JSON.stringify(asked()));
  if (idempotencyKey !== null) {
    yield* unit.flush();
    const receipt = yield* wait(unit.log.receipt(live.context, idempotencyKey));
    if (receipt !== undefined) {
      const { command, sequence, outcome } = receipt;
      if (command !== digest) {
        throw new ContextError("IDEMPOTENCY_MISMATCH", { context: nameOf(state), idempotencyKey, sequence });
      }
      // The outcome was written by decide() for the same command.
      return (outcome === null ? undefined : JSON.parse(outcome)) as Outcome;
    }
  }
  yield* checkVersion(unit, live, state, intent.expectedVersion);
  const decide = request.prepare === undefined ? request.decide : yield* request.prepare();
  return unit.decide(live, { asked, decide }, intent.origin, digest);
}

/**
 * Checks that a context is where the caller believes it to be; a conflict tells what came between.
 * @throws {ContextError} VERSION_CONFLICT
 */
export function* checkVersion(
  unit: Unit,
  live: Live,
  state: State,
  expected: number | undefined,
): Program<void> {
  if (expected === undefined || expected === state.version) return;
  const context = nameOf(state);
  const between: { sequence: number; version: number; type: string; keys: readonly string[] }[] = [];
  yield* unit.flush();
  yield* eachEvent(unit.log, live.line, { order: "newest", after: undefined }, (record) => {
    if (record.version <= expected || between.length === mostListed) return false;
    const { sequence, version, type } = record;
    const { effects } = parsePayload(record.payload, { context, sequence });
    between.unshift({ sequence, version, type, keys: effects.map(({ key }) => key) });
    return true;
  });
  throw new ContextError("VERSION_CONFLICT", { context, expected, actual: state.version, between });
}

/** How many intervening events a conflict lists: the newest. */
const mostListed = 100;
