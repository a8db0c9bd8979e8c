import { ContextError } from "../core/errors.js";
import { getStrategy, type StrategyName } from "../core/merge/find-strategy.js";
import { checkKey } from "../core/names.js";
import type { Skipped } from "../core/merge/strategy.js";
import type { Codec } from "../core/value/codec.js";
import type { Mode, Program } from "../program/program.js";
import type { Intent } from "../workflows/change.js";
import {
  abandonPhase,
  type Begun,
  beginPhase,
  endPhase,
  mergePhase,
  type PhaseMerge,
} from "../workflows/phase.js";
import type { PhaseResult, PhaseWork } from "../workflows/phase-records.js";
import { describeSnapshot, snapshot } from "../workflows/snapshot.js";
import { type Live, nameOf } from "../workflows/workplace.js";
import type { Intake } from "./intake.js";
import type { MergeOptions } from "./merge-options.js";
import type { StoreCore } from "./store-core.js";
import { copyOf, takeWork } from "./phase-copy.js";
import { inScope } from "./scope.js";
import { checkFunction, checkObject, checkSignal, checkText } from "./check-option.js";
import { attributionOf } from "./attribution.js";
import { intentOf, type WriteOptions } from "./write-options.js";

/** The work of a phase: it may change its copy as it likes, and return a result. */
export type PhaseWorker<Values, Result> = (copy: Values, phase: RunningPhase) => Result | Promise<Result>;

/** What a phase's work is told beside its copy. */
export interface RunningPhase {
  readonly id: string;
  readonly name: string;
  /** Aborts when the caller's signal does. */
  readonly signal: AbortSignal;
}

/** How a phase is run and merged. */
export interface PhaseOptions extends Omit<WriteOptions, "expectedVersion" | "idempotencyKey"> {
  /** How changes come back: `safe` unless said otherwise. */
  readonly merge?: StrategyName;
  readonly prefix?: string;
  /** An id under which the phase may finish only once on this line of history. */
  readonly once?: string;
  readonly signal?: AbortSignal;
}

/** What came of a phase. */
export interface PhaseOutcome<Result> {
  /** The id of the run that the result is of. */
  readonly phase: string;
  /** What the work returned. */
  readonly result: Result;
  /** Full names of the keys the merge wrote. */
  readonly written: readonly string[];
  /** Keys the work changed and the merge left alone, and why. */
  readonly skipped: readonly Skipped[];
  /** The version after the merge. */
  readonly version: number;
  /** `merged` by this run; `repeated`, since it had finished before; `superseded` by a run that finished meanwhile. */
  readonly outcome: PhaseResult["outcome"];
}

/** Where a phase runs. */
export interface PhasePlace<M extends Mode> {
  readonly core: StoreCore<M>;
  readonly live: Live;
  readonly intake: Intake;
}

/** Runs a phase from its first snapshot to its last; it goes on when the handle is closed that began it. */
export async function runPhase<Values, Result, M extends Mode>(
  place: PhasePlace<M>,
  name: string,
  work: PhaseWorker<Values, Result>,
  options: PhaseOptions,
): Promise<PhaseOutcome<Result>> {
  const live = place.core.hold(place.live);
  try {
    return await runHeld({ ...place, live }, name, work, options);
  } finally {
    place.core.release(live);
  }
}

async function runHeld<Values, Result, M extends Mode>(
  place: PhasePlace<M>,
  name: string,
  work: PhaseWorker<Values, Result>,
  options: PhaseOptions,
): Promise<PhaseOutcome<Result>> {
  const { core, live } = place;
  const merge = mergeOf(checkObject("options", options).merge ?? "safe", options.prefix, place.intake);
  const intent = intentOf(options, core.attribution);
  checkFunction("work", work);
  checkSignal(options.signal);
  const context = nameOf(live.state);
  if (core.site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "A phase" });
  const once = options.once === undefined ? undefined : checkKey(options.once);
  const phase = { name: checkKey(name), once };
  const begun = await core.write(live, () => beginPhase(core.site, live, phase, intent));
  if (begun.isDone) return await lastingOutcome(core, begun.result);
  const brought = await workOn(place, begun, work, { options, intent, context });
  // A write of the work's own that was refused is no reason to lose the work.
  await core.settled(live);
  const ended = await core.write(live, () => endPhase(core.site, live, begun.run, merge, brought, intent));
  return await lastingOutcome(core, ended);
}

/** A phase is finished when nothing can undo it any more: work that took hours is not done twice. */
async function lastingOutcome<Result, M extends Mode>(
  core: StoreCore<M>,
  result: PhaseResult,
): Promise<PhaseOutcome<Result>> {
  await core.committed();
  return outcomeOf(result, core.site.codec);
}

/** Merges a phase whose merge was refused before. */
export function* mergeKept<M extends Mode>(
  { core: { site }, live, intake }: PhasePlace<M>,
  { phase, strategy, options }: { phase: string; strategy: string; options: MergePhaseOptions },
  intent: Intent,
): Program<PhaseOutcome<unknown>> {
  if (intent.origin.idempotencyKey !== null) {
    const why = "a phase is merged only once anyhow";
    throw new ContextError("OPTION_INVALID", { option: "idempotencyKey", why });
  }
  checkText("phase", phase);
  const merge = mergeOf(strategy, options.prefix, intake);
  return outcomeOf(yield* mergePhase(site, live, phase, merge, intent), site.codec);
}

/** What may be said beside the merge of a phase that was kept. */
export type MergePhaseOptions = Omit<MergeOptions, "base" | "idempotencyKey">;

/** Takes the snapshot `phase_start` and gives a copy of everything. */
export function* phaseContext<Values>(core: StoreCore<Mode>, live: Live, intent: Intent): Program<Values> {
  const { site } = core;
  yield* snapshot(site, live, describeSnapshot(site.codec, { reason: "phase_start", metadata: {} }), intent);
  const state = site.unit?.stateOf(live) ?? live.state;
  // Keys and values are the context's own.
  return copyOf(state).copy as Values;
}

type Started = Extract<Begun, { isDone: false }>;

/** Lets the work run on its copy; if it throws, that is noted, and its own error goes on. */
async function workOn<Values, Result, M extends Mode>(
  place: PhasePlace<M>,
  begun: Started,
  work: PhaseWorker<Values, Result>,
  { options, intent, context }: { options: PhaseOptions; intent: Intent; context: string },
): Promise<PhaseWork> {
  const { core } = place;
  const scope = { phase: begun.run.id, attribution: attributionOf(options) };
  try {
    const lazy = copyOf(begun.base);
    // Keys and values are the context's own.
    const result = await untilAborted(
      () => inScope(scope, () => work(lazy.copy as Values, running(begun, options))),
      options.signal,
      begun,
      context,
    );
    return takeWork(core.site.codec, begun, lazy, result);
  } catch (error) {
    await noteFailure(place, begun, error, intent);
    throw error;
  }
}

/** Notes that the work threw. That may fail too, as when the work closed the store: its own error comes first. */
async function noteFailure<M extends Mode>(
  { core, live }: PhasePlace<M>,
  { run }: Started,
  error: unknown,
  intent: Intent,
): Promise<void> {
  try {
    await core.settled(live);
    await core.write(live, () => abandonPhase(core.site, live, run, error, intent));
  } catch {
    // The run stays "running", as after the death of its process.
  }
}

/** Every strategy has a base in a phase: the state its copy was taken from. */
function mergeOf(name: string, prefix: string | undefined, intake: Intake): PhaseMerge {
  const strategy = getStrategy(name);
  checkText("prefix", prefix);
  strategy.check({ prefix, hasBase: true });
  return { strategy, prefix, accept: (fullName, taken) => intake.conformed(fullName, taken) };
}

function running({ run }: Started, { signal }: PhaseOptions): RunningPhase {
  return { id: run.id, name: run.name, signal: signal ?? new AbortController().signal };
}

/** Gives up waiting when the caller aborts; what the work still does then has no effect. */
async function untilAborted<Result>(
  work: () => Result | Promise<Result>,
  signal: AbortSignal | undefined,
  { run }: Started,
  context: string,
): Promise<Result> {
  if (signal === undefined) return await work();
  const aborted = () =>
    new ContextError("PHASE_ABORTED", { context, phase: run.name }, { cause: signal.reason });
  if (signal.aborted) throw aborted();
  const settled = Promise.resolve(work());
  return await new Promise<Result>((resolve, reject) => {
    const abort = () => {
      reject(aborted());
    };
    signal.addEventListener("abort", abort, { once: true });
    settled.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", abort);
    });
    // The work itself may have aborted it, before anybody listened.
    if (signal.aborted) abort();
  });
}

function outcomeOf<Result>({ result, ...rest }: PhaseResult, codec: Codec): PhaseOutcome<Result> {
  // The result is what this phase's work returned, now or when it ran.
  return Object.freeze({ ...rest, result: codec.share(result) as Result });
}
