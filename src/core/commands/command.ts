import type { DraftEffect, EventDraft, Json } from "../event.js";
import type { State } from "../state.js";

/**
 * One thing that a caller asks of a context. Every kind of command lives in a file of its own and declares
 * there what it answers; the shared path never asks which kind it has in hand.
 */
export interface Command<Outcome> {
  /**
   * What was asked, as plain JSON; two commands are the same command when this is the same. Asked for only
   * under an idempotency key, since it takes the texts of all values.
   */
  readonly asked: () => readonly Json[];
  /**
   * Decides on a state: the event it would become and what the caller is told, or a refusal, thrown. `at` tells
   * when that event will be recorded, in ms since the epoch, where the decision depends on it.
   */
  readonly decide: (state: State, context: string, at: () => number) => Decision<Outcome>;
}

/** An event to append, unless it has no effects and is not worth recording for itself. */
export interface Decision<Outcome> {
  readonly draft: EventDraft;
  /** Recorded even without effects: a restore and the end of a phase are facts of their own. */
  readonly always?: boolean;
  readonly outcome: Outcome;
}

/** The decision that changes nothing. */
export function nothing<Outcome>(outcome: Outcome): Decision<Outcome> {
  return { draft: { type: "nothing_changed", effects: [], details: {} }, outcome };
}

/** Effects that remove keys. */
export function deletions(scope: DraftEffect["scope"], keys: Iterable<string>): DraftEffect[] {
  return [...keys].map((key) => ({ op: "delete", scope, key }));
}
