/** What documents tell of events, changes and values; see json-shapes.ts for the rules of all documents. */

/** Whatever `JSON.parse` gives. */
export type JsonTree = unknown;

/** What an event says of itself; `context` is the one that recorded it. */
export interface HeaderShape {
  readonly context: string;
  readonly sequence: number;
  readonly version: number;
  readonly type: string;
  readonly at: string;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly batch: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
}

/** One event, also a line of `log --jsonl` (with `format`). */
export interface EventShape extends Omit<HeaderShape, "context"> {
  readonly idempotencyKey: string | null;
  readonly effects: readonly EffectShape[];
  readonly details: JsonTree;
  readonly hash: string;
  /** What it changed of the persistent keys; there where it was asked for. */
  readonly changes?: readonly DifferencePartShape[];
}

/** A line of `watch --jsonl` (with `format`); `context` is empty for the store's own events. */
export interface WatchedEventShape extends EventShape {
  readonly position: number;
  readonly context: string;
  readonly isLastOfBatch: boolean;
}

export interface EffectShape {
  readonly op: string;
  readonly scope: string;
  readonly key: string;
  readonly value?: JsonTree;
}

/** A change of a difference; a side without a value is absent. */
export interface DifferencePartShape {
  readonly kind: "added" | "removed" | "changed";
  readonly path: readonly (string | number)[];
  readonly before?: JsonTree;
  readonly after?: JsonTree;
  /** Where two long texts differ. */
  readonly text?: readonly { readonly at: number; readonly removed: string; readonly inserted: string }[];
}

export interface ChangeShape {
  readonly operation: string;
  readonly version: number;
  readonly sequence: number;
  readonly at: string;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly details: JsonTree;
}
