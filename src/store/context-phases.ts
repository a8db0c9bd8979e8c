import type { StrategyName } from "../core/merge/find-strategy.js";
import type { Mode, Returns } from "../program/program.js";
import { ContextWriter } from "./context-writer.js";
import {
  mergeKept,
  type MergePhaseOptions,
  phaseContext,
  type PhaseOptions,
  type PhaseOutcome,
  type PhaseWorker,
  runPhase,
} from "./phase.js";
import type { WriteOptions } from "./write-options.js";

/** The verbs that let work run on a copy of the context and bring back what it changed. */
export class ContextPhases<Values extends object, M extends Mode> extends ContextWriter<Values, M> {
  /**
   * Runs one step of an orchestration on a mutable copy of the context and merges back what it changed.
   * With `once`, a phase that has finished, before a restart too, is not run again.
   * @throws {ContextError} MERGE_CONFLICT (the work is kept, see {@link mergePhase}), PHASE_ABORTED, and what the work throws
   */
  async phase<Result>(
    name: string,
    work: PhaseWorker<Values, Result>,
    options: PhaseOptions = {},
  ): Promise<PhaseOutcome<Result>> {
    const { core, live, intake } = this;
    return await runPhase({ core, live, intake }, name, work, this.said(options));
  }

  /** Merges a phase whose merge was refused. */
  mergePhase(
    phase: string,
    strategy: StrategyName,
    options: MergePhaseOptions = {},
  ): Returns<M, PhaseOutcome<unknown>> {
    const { core, intake } = this;
    return this.write(options, (intent, live) =>
      mergeKept({ core, live, intake }, { phase, strategy, options }, intent),
    );
  }

  /** A mutable deep copy of everything, after a snapshot called `phase_start`: for phases run by hand. */
  phaseContext(options: WriteOptions = {}): Returns<M, Values> {
    return this.write(options, (intent, live) => phaseContext<Values>(this.core, live, intent));
  }
}
