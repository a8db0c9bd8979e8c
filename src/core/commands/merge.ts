import { ContextError } from "../errors.js";
import type { DraftEffect, Json } from "../event.js";
import { type MergePlan, type MergeStrategy, mergeDetails, type Offer } from "../merge/strategy.js";
import type { State } from "../state.js";
import { type Command, deletions } from "./command.js";
import { settings, type Written } from "./update.js";

/** A merge as asked: a strategy that has checked its options, and what is offered under full names. */
export interface Merging extends Offer {
  readonly strategy: MergeStrategy;
  readonly prefix: string | undefined;
}

/** Merges values into the persistent keys, by a strategy. */
export function mergeKeys(merging: Merging): Command<Written> {
  const { strategy, prefix, offered, removed } = merging;
  return {
    asked: () => [
      "merge",
      strategy.name,
      prefix ?? null,
      [...offered].map(([key, { text }]) => [key, text]),
      [...removed],
    ],
    decide: (state, context) => {
      const merge = planMerge(state, context, merging);
      return {
        draft: { type: "values_merged", effects: merge.effects, details: merge.details },
        outcome: merge.outcome,
      };
    },
  };
}

/** A merge that could be settled: its effects, its facts, and what the caller is told. */
export interface PlannedMerge {
  readonly effects: readonly DraftEffect[];
  readonly details: Record<string, Json>;
  readonly outcome: Written;
}

/**
 * Plans a merge on a state.
 * @throws {ContextError} MERGE_CONFLICT
 */
export function planMerge(
  state: State,
  context: string,
  { strategy, prefix, ...offer }: Merging,
): PlannedMerge {
  const plan: MergePlan = strategy.plan(state, offer);
  if (plan.conflicts.length > 0) throw new ContextError("MERGE_CONFLICT", { context, keys: plan.conflicts });
  return {
    effects: [...deletions("persistent", plan.deleted), ...settings(plan.written)],
    details: mergeDetails(plan, strategy.name, prefix),
    outcome: { written: [...plan.written.keys()], skipped: plan.skipped },
  };
}
