import type { PhaseEnd, PhaseRun } from "../core/commands/phase.js";
import type { Skipped } from "../core/merge/strategy.js";
import type { PhaseChanges } from "../core/phase-offer.js";
import type { State } from "../core/state.js";
import type { Codec, Held, Taken } from "../core/value/codec.js";

/** What the work of a phase brought back. */
export interface PhaseWork extends PhaseChanges {
  readonly result: Taken;
  /** The event after which the copy was taken. */
  readonly startedAt: number;
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

/** Work that no merge has taken yet, as it is kept; {@link takeWork} writes it. */
export interface KeptWork extends Pick<PhaseRun, "name" | "parent"> {
  readonly once: string | null;
  readonly startedAt: number;
  /** By their keys: here an erasure looks for what is to go. */
  readonly changed: Readonly<Record<string, unknown>>;
  readonly removed: readonly string[];
  readonly result: unknown;
}

/** Makes work fit to be kept until it can be merged. */
export function takeWork(codec: Codec, run: PhaseRun, work: PhaseWork): Taken {
  const { name, parent, once = null } = run;
  const { removed, result, startedAt } = work;
  const changed = Object.fromEntries([...work.changed].map(([key, { value }]) => [key, value]));
  const kept: KeptWork = { name, once, parent, startedAt, changed, removed, result: result.value };
  return codec.record(kept, "phase");
}

/** A finished phase, as it is kept under its once-id. */
interface KeptResult extends Pick<PhaseResult, "phase" | "written" | "skipped"> {
  readonly name: string;
  readonly result: unknown;
}

/** Makes a result fit to be kept, so that the phase need not run again. */
export function takeResult(
  codec: Codec,
  run: PhaseRun,
  result: Taken,
  { written, skipped }: PhaseEnd,
): Taken {
  const kept: KeptResult = { phase: run.id, name: run.name, result: result.value, written, skipped };
  return codec.record(kept, "result");
}

/** The recorded result of a phase that has finished under this once-id, on this line of history. */
export function finishedResult(
  codec: Codec,
  state: State,
  { once }: PhaseRun,
  outcome: "repeated" | "superseded",
): PhaseResult | undefined {
  const entry = once === undefined ? undefined : state.scopes.phase.get(once);
  if (entry === undefined) return undefined;
  // Written by takeResult, the only place that keeps results.
  const { phase, result, written, skipped } = entry.value as KeptResult;
  const { version } = entry;
  return { phase, result: codec.take(result, "result"), written, skipped, version, outcome };
}
