import {
  failPhase,
  finishPhase,
  keepUnmerged,
  type PhaseRun,
  requireUnmerged,
  startPhase,
} from "../core/commands/phase.js";
import { ContextError, type ErrorCode, isContextError } from "../core/errors.js";
import type { MergeStrategy } from "../core/merge/strategy.js";
import { offerOf, type OfferBorder } from "../core/phase-offer.js";
import type { State } from "../core/state.js";
import type { Held } from "../core/value/codec.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, perform } from "./change.js";
import {
  finishedResult,
  type KeptWork,
  type PhaseResult,
  type PhaseWork,
  takeResult,
  takeWork,
} from "./phase-records.js";
import { valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";
import { describeSnapshot, snapshotInUnit } from "./snapshot.js";
import type { Unit } from "./unit.js";

/** How a phase's results are to be merged. */
export interface PhaseMerge {
  readonly strategy: MergeStrategy;
  readonly prefix: string | undefined;
  /** Checks a changed value under its full name. */
  readonly accept: OfferBorder["accept"];
}

/** A run that may begin its work, with the state it is to copy; or the result it need not work for. */
export type Begun =
  | { readonly isDone: true; readonly result: PhaseResult }
  | { readonly isDone: false; readonly run: PhaseRun; readonly base: State };

/** Begins a phase: the snapshot before it and the note that it runs; or finds that it is done already. */
export function* beginPhase(
  site: Site,
  live: Live,
  phase: Pick<PhaseRun, "name" | "once">,
  intent: Intent,
): Program<Begun> {
  const run: PhaseRun = { id: site.host.newId(), parent: intent.origin.phase, ...phase };
  const own = inPhase(intent, run);
  return yield* inUnit(site, own.origin, function* (unit): Program<Begun> {
    const state = yield* unit.join(live);
    const done = finishedResult(site.codec, state, run, "repeated");
    if (done !== undefined) return { isDone: true, result: done };
    const reason = `before_${run.name}_phase`;
    yield* snapshotInUnit(
      site,
      unit,
      live,
      describeSnapshot(site.codec, { reason, metadata: { phase: run.name } }),
      own,
    );
    yield* perform(site, unit, live, startPhase(run), own);
    return { isDone: false, run, base: yield* unit.join(live) };
  });
}

/**
 * Ends a phase: changes, result and the snapshot after it, together. If the merge is refused, the work is
 * kept, to be merged later, and the refusal thrown.
 * @throws {ContextError} MERGE_CONFLICT, LIMIT_EXCEEDED, VALUE_REJECTED, KEY_INVALID
 */
export function* endPhase(
  site: Site,
  live: Live,
  run: PhaseRun,
  merge: PhaseMerge,
  work: PhaseWork,
  intent: Intent,
): Program<PhaseResult> {
  const own = inPhase(intent, run);
  try {
    return yield* inUnit(site, own.origin, function* (unit) {
      yield* unit.join(live);
      const { startedAt } = work;
      // The copy knows nothing of what was erased meanwhile; the log does.
      const base = merge.strategy.takes === "all" ? yield* baseOf(site, unit, live, startedAt) : work.base;
      return yield* mergeWork(site, unit, live, { run, merge, work: { ...work, base }, intent: own });
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const kept = keepUnmerged(run, takeWork(site.codec, run, work), error.code);
    yield* inUnit(site, own.origin, (unit) => perform(site, unit, live, kept, own));
    if (!isContextError(error, "MERGE_CONFLICT")) throw error;
    throw new ContextError("MERGE_CONFLICT", { ...error.details, phase: run.id }, { cause: error });
  }
}

const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "MERGE_CONFLICT",
  "LIMIT_EXCEEDED",
  "VALUE_REJECTED",
  "KEY_INVALID",
]);

/** What refuses a merge, and leaves the work as good as it was. */
function isRefusal(error: unknown): error is ContextError {
  return isContextError(error) && refusals.has(error.code);
}

/** Notes that the work threw. */
export function* abandonPhase(
  site: Site,
  live: Live,
  run: PhaseRun,
  error: unknown,
  intent: Intent,
): Program<void> {
  const own = inPhase(intent, run);
  yield* inUnit(site, own.origin, (unit) =>
    perform(site, unit, live, failPhase(run, describeThrown(error)), own),
  );
}

/** What was thrown, as far as it can be told: anything can be thrown. */
function describeThrown(thrown: unknown): { name: string; message: string } {
  try {
    const { name, message } = thrown instanceof Error ? thrown : { name: "Error", message: thrown };
    return { name: name, message: String(message) };
  } catch {
    return { name: "Error", message: "something that cannot be put into words" };
  }
}

/**
 * Merges a phase whose merge was refused before, by a strategy that can settle it.
 * @throws {ContextError} PHASE_NOT_FOUND, MERGE_CONFLICT
 */
export function* mergePhase(
  site: Site,
  live: Live,
  phase: string,
  merge: PhaseMerge,
  intent: Intent,
): Program<PhaseResult> {
  return yield* inUnit(site, intent.origin, function* (unit) {
    const state = yield* unit.join(live);
    const kept = requireUnmerged(nameOf(state), phase, state.scopes.unmerged.get(phase));
    // Written by takeWork, the only place that keeps work.
    const { name, once, parent, startedAt, changed, removed, result } = kept.value as KeptWork;
    const run: PhaseRun = { id: phase, name, once: once ?? undefined, parent };
    yield* unit.flush();
    const work: PhaseWork = {
      startedAt,
      base: yield* baseOf(site, unit, live, startedAt),
      result: site.codec.take(result, "result"),
      removed,
      changed: new Map(Object.entries(changed).map(([key, value]) => [key, site.codec.take(value, key)])),
    };
    return yield* mergeWork(site, unit, live, { run, merge, work, intent: inPhase(intent, run) });
  });
}

/** The persistent values that the copy of a run was taken from, but for those that were erased since. */
function* baseOf(site: Site, unit: Unit, live: Live, startedAt: number): Program<Map<string, Held>> {
  return yield* valuesAt(site, unit.log, live, { scope: "persistent", sequence: startedAt });
}

interface Merging {
  readonly run: PhaseRun;
  readonly merge: PhaseMerge;
  readonly work: PhaseWork;
  readonly intent: Intent;
}

function* mergeWork(
  site: Site,
  unit: Unit,
  live: Live,
  { run, merge, work, intent }: Merging,
): Program<PhaseResult> {
  const { strategy, prefix } = merge;
  const take = (held: Held, key: string) => site.codec.take(held.value, key);
  const command = finishPhase(run, {
    merging: ({ scopes }) => ({
      ...offerOf(strategy, prefix, work, {
        ...{ take, accept: merge.accept },
        present: (key) => scopes.persistent.get(key),
      }),
      strategy,
      prefix,
      base: work.base,
    }),
    startedAt: work.startedAt,
    record: (end) => takeResult(site.codec, run, work.result, end),
  });
  const end = yield* perform(site, unit, live, command, intent);
  const state = yield* unit.join(live);
  const other = end.superseded ? finishedResult(site.codec, state, run, "superseded") : undefined;
  if (other !== undefined) return other;
  const reason = `after_${run.name}_phase`;
  yield* snapshotInUnit(
    site,
    unit,
    live,
    describeSnapshot(site.codec, { reason, metadata: { phase: run.name } }),
    // What the caller expects and wants remembered was for the merge.
    { origin: { ...intent.origin, idempotencyKey: null }, expectedVersion: undefined },
  );
  const { written, skipped } = end;
  return { phase: run.id, result: work.result, written, skipped, version: state.version, outcome: "merged" };
}

/** The events of a run carry its id. */
function inPhase({ origin, expectedVersion }: Intent, { id }: PhaseRun): Intent {
  return { origin: { ...origin, phase: id }, expectedVersion };
}
