import {
  failPhase,
  finishPhase,
  keepUnmerged,
  type PhaseEnd,
  type PhaseRun,
  requireUnmerged,
  startPhase,
} from "../core/commands/phase.js";
import { ContextError, isContextError } from "../core/errors.js";
import type { Skipped } from "../core/merge/strategy.js";
import type { MergeStrategy } from "../core/merge/strategy.js";
import { offerOf, type PhaseChanges } from "../core/phase-changes.js";
import type { State } from "../core/state.js";
import type { Held, Taken } from "../core/value/codec.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, perform } from "./change.js";
import { valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";
import { snapshotInUnit } from "./snapshot.js";
import type { Unit } from "./unit.js";

/** How a phase's results are to be merged. */
export interface PhaseMerge {
  readonly strategy: MergeStrategy;
  readonly prefix: string | undefined;
}

/** A phase as it came out, now or when it finished. */
export interface PhaseResult {
  readonly phase: string;
  /** What the work returned. */
  readonly result: Held;
  readonly written: readonly string[];
  readonly skipped: readonly Skipped[];
  /** The context's version after the merge. */
  readonly version: number;
  /** `merged` by this run; `repeated` from an earlier one; `superseded` by one that finished meanwhile. */
  readonly outcome: "merged" | "repeated" | "superseded";
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
    const done = finishedResult(site, state, run, "repeated");
    if (done !== undefined) return { isDone: true, result: done };
    const reason = `before_${run.name}_phase`;
    yield* snapshotInUnit(site, unit, live, { reason, metadata: { phase: run.name } }, own);
    yield* perform(site, unit, live, startPhase(run), own);
    return { isDone: false, run, base: yield* unit.join(live) };
  });
}

/** What the work of a phase brought back. */
export interface PhaseWork {
  readonly changes: PhaseChanges;
  readonly result: Taken;
  /** The persistent values the copy was taken from. */
  readonly base: ReadonlyMap<string, Taken>;
  /** The event after which the copy was taken. */
  readonly startedAt: number;
}

/**
 * Ends a phase: changes, result and the snapshot after it, together. If the merge is refused, the work is
 * kept, to be merged later, and the refusal thrown.
 * @throws {ContextError} MERGE_CONFLICT, LIMIT_EXCEEDED
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
    return yield* inUnit(site, own.origin, (unit) =>
      mergeWork(site, unit, live, { run, merge, work, intent: own }),
    );
  } catch (error) {
    if (!isContextError(error, "MERGE_CONFLICT") && !isContextError(error, "LIMIT_EXCEEDED")) throw error;
    const kept = keepUnmerged(run, takeWork(site, run, work), error.code);
    yield* inUnit(site, own.origin, (unit) => perform(site, unit, live, kept, own));
    if (!isContextError(error, "MERGE_CONFLICT")) throw error;
    throw new ContextError("MERGE_CONFLICT", { ...error.details, phase: run.id }, { cause: error });
  }
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
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  yield* inUnit(site, own.origin, (unit) =>
    perform(site, unit, live, failPhase(run, { name, message }), own),
  );
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
      base: yield* valuesAt(site, unit.log, live, { scope: "persistent", sequence: startedAt }),
      result: site.codec.take(result, "result"),
      changes: {
        removed,
        changed: new Map(Object.entries(changed).map(([key, value]) => [key, site.codec.take(value, key)])),
      },
    };
    return yield* mergeWork(site, unit, live, { run, merge, work, intent: inPhase(intent, run) });
  });
}

interface KeptWork {
  readonly name: string;
  readonly once: string | null;
  readonly parent: string | null;
  readonly startedAt: number;
  readonly changed: Readonly<Record<string, unknown>>;
  readonly removed: readonly string[];
  readonly result: unknown;
}

function takeWork(site: Site, run: PhaseRun, { changes, result, startedAt }: PhaseWork): Taken {
  const changed = Object.fromEntries([...changes.changed].map(([key, { value }]) => [key, value]));
  const { removed } = changes;
  const kept: KeptWork = {
    name: run.name,
    once: run.once ?? null,
    parent: run.parent,
    startedAt,
    changed,
    removed,
    result: result.value,
  };
  return site.codec.take(kept, "phase");
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
  const offer = offerOf(strategy, prefix, work.changes, work.base);
  const command = finishPhase(run, {
    ...offer,
    strategy,
    prefix,
    base: work.base,
    startedAt: work.startedAt,
    record: (end) => takeResult(site, run, work.result, end),
  });
  const end = yield* perform(site, unit, live, command, intent);
  const state = yield* unit.join(live);
  const other = end.superseded ? finishedResult(site, state, run, "superseded") : undefined;
  if (other !== undefined) return other;
  const reason = `after_${run.name}_phase`;
  yield* snapshotInUnit(site, unit, live, { reason, metadata: { phase: run.name } }, intent);
  const { written, skipped } = end;
  return { phase: run.id, result: work.result, written, skipped, version: state.version, outcome: "merged" };
}

interface KeptResult {
  readonly phase: string;
  readonly name: string;
  readonly result: unknown;
  readonly written: readonly string[];
  readonly skipped: readonly Skipped[];
}

function takeResult(site: Site, run: PhaseRun, result: Taken, { written, skipped }: PhaseEnd): Taken {
  const kept: KeptResult = { phase: run.id, name: run.name, result: result.value, written, skipped };
  return site.codec.take(kept, "result");
}

/** The recorded result of a phase that has finished under this once-id. */
function finishedResult(
  site: Site,
  state: State,
  { once }: PhaseRun,
  outcome: "repeated" | "superseded",
): PhaseResult | undefined {
  const entry = once === undefined ? undefined : state.scopes.phase.get(once);
  if (entry === undefined) return undefined;
  // Written by takeResult, the only place that keeps results.
  const { phase, result, written, skipped } = entry.value as KeptResult;
  return {
    phase,
    result: site.codec.take(result, "result"),
    written,
    skipped,
    version: entry.version,
    outcome,
  };
}

/** The events of a run carry its id. */
function inPhase({ origin, expectedVersion }: Intent, { id }: PhaseRun): Intent {
  return { origin: { ...origin, phase: id }, expectedVersion };
}
