import type { ContextEvent, Scope, View } from "../index.js";

/** What an event did to one key; a side without a value is absent. */
export interface KeyChange {
  readonly key: string;
  readonly scope: Extract<Scope, "persistent" | "ephemeral">;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * A history that can be read at any place. Nothing of it is held in memory, so that a long one costs as
 * little as a short one.
 */
export interface Tape {
  /** The number of the first event. */
  readonly first: number;
  /** The number of the last one; more may come. */
  readonly last: number;
  /** Takes in what was written since. */
  refresh(): void;
  event(sequence: number): ContextEvent | undefined;
  /** The state after an event. */
  view(sequence: number): View;
  /** What an event did to the keys. */
  changes(event: ContextEvent): readonly KeyChange[];
}
