import { ContextError } from "../errors.js";
import type { DraftEffect, Json } from "../event.js";
import type { Skipped } from "../merge/strategy.js";
import type { State } from "../state.js";
import type { Taken } from "../value/codec.js";
import type { Command, Decision } from "./command.js";
import { type Merging, planMerge } from "./merge.js";

/** One run of a phase: its own id, the phase's name, and the id under which it may finish only once. */
export interface PhaseRun {
  readonly id: string;
  readonly name: string;
  readonly once: string | undefined;
  /** The run in whose work this one began. */
  readonly parent: string | null;
}

/** How a run ended: merged, or told that another run of the same once-id had finished meanwhile. */
export interface PhaseEnd {
  readonly superseded: boolean;
  readonly written: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Records that a run began; it changes no data. */
export function startPhase(run: PhaseRun): Command<undefined> {
  return {
    asked: () => ["phaseStart", run.id],
    decide: () => ({
      draft: { type: "phase_started", effects: [], details: runDetails(run) },
      always: true,
      outcome: undefined,
    }),
  };
}

/** What a run brings back. `record` makes what is kept under its once-id of how the merge went. */
export interface Finishing {
  readonly startedAt: number;
  /** Made only if the run is to be merged at all, of the state that it is merged into; it may refuse. */
  readonly merging: (state: State) => Merging;
  readonly record: (end: PhaseEnd) => Taken;
}

/** Merges what a run changed and keeps its result, in one event. */
export function finishPhase(run: PhaseRun, finishing: Finishing): Command<PhaseEnd> {
  return {
    asked: () => ["phaseFinish", run.id],
    decide: (state, context) => {
      const finished = run.once === undefined ? undefined : state.scopes.phase.get(run.once);
      if (finished !== undefined && finished.sequence > finishing.startedAt) {
        return superseded(run, finished.sequence, settle(state.scopes.unmerged, run));
      }
      const merge = planMerge(state, context, finishing.merging(state));
      const end: PhaseEnd = { superseded: false, ...merge.outcome };
      return {
        draft: {
          type: "phase_finished",
          effects: [
            ...merge.effects,
            ...keepResult(run, () => finishing.record(end)),
            ...settle(state.scopes.unmerged, run),
          ],
          details: { ...runDetails(run), ...merge.details, changes: merge.effects.length },
        },
        always: true,
        outcome: end,
      };
    },
  };
}

/** Records that the work threw; the context stays as it is. */
export function failPhase(run: PhaseRun, error: { name: string; message: string }): Command<undefined> {
  return {
    asked: () => ["phaseFail", run.id],
    decide: () => ({
      draft: { type: "phase_failed", effects: [], details: { ...runDetails(run), error: { ...error } } },
      always: true,
      outcome: undefined,
    }),
  };
}

/** Keeps what a run brought back although its merge was refused, so that it can be merged later. */
export function keepUnmerged(run: PhaseRun, work: Taken, refusal: string): Command<undefined> {
  return {
    asked: () => ["phaseUnmerged", run.id],
    decide: () => ({
      draft: {
        type: "phase_unmerged",
        effects: [{ op: "set", scope: "unmerged", key: run.id, held: work }],
        details: { ...runDetails(run), refusal },
      },
      always: true,
      outcome: undefined,
    }),
  };
}

/**
 * Checks that a run still waits to be merged.
 * @throws {ContextError} PHASE_NOT_FOUND
 */
export function requireUnmerged<T>(context: string, phase: string, found: T | undefined): T {
  if (found === undefined) throw new ContextError("PHASE_NOT_FOUND", { context, phase });
  return found;
}

function superseded(run: PhaseRun, by: number, effects: DraftEffect[]): Decision<PhaseEnd> {
  return {
    draft: { type: "phase_superseded", effects, details: { ...runDetails(run), by } },
    always: true,
    outcome: { superseded: true, written: [], skipped: [] },
  };
}

function keepResult({ once }: PhaseRun, record: () => Taken): DraftEffect[] {
  return once === undefined ? [] : [{ op: "set", scope: "phase", key: once, held: record() }];
}

/** A run that waited unmerged waits no more. */
function settle(unmerged: { has: (key: string) => boolean }, { id }: PhaseRun): DraftEffect[] {
  return unmerged.has(id) ? [{ op: "delete", scope: "unmerged", key: id }] : [];
}

function runDetails({ id, name, once, parent }: PhaseRun): Record<string, Json> {
  return { phase: id, name, once: once ?? null, parent };
}
