import type { ContextEvent, KeyChange, View } from "../index.js";

/** Which part of a history: from one event to another, or to whatever comes. */
export interface TapeRange {
  readonly first: number;
  readonly last: number | undefined;
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
  /** Whether an event is left out. */
  isSkipped(sequence: number): boolean;
  /** The state after an event. */
  view(sequence: number): View;
  /** What an event did to the keys. */
  changes(event: ContextEvent): readonly KeyChange[];
}
