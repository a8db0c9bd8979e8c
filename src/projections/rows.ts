import type { Effect, Scope } from "../core/event.js";

/**
 * What events do to the tables that can be dropped and rebuilt. Events in, row writes out; no engine and no
 * SQL here. The engine adds the context and the event's position to each row.
 *
 * This file names the tables and their rows.
 */
export type RowWrite =
  | CurrentWrite
  | CurrentRemoval
  | KeyChangeRow
  | InheritedKeyRow
  | PhaseRow
  | ReceiptRow
  | RunsRemoval
  | NameRow;

/** The present entry of a key: one row per context, scope and key. */
export interface CurrentWrite {
  readonly table: "current";
  readonly scope: Scope;
  readonly key: string;
  readonly created: number;
  readonly sequence: number;
  readonly version: number;
  readonly changedAt: number;
  /** The value as JSON text; null for a mark, such as a protection, and where it stands in the log alone. */
  readonly value: string | null;
  /** The size of a value that stands in the log alone, in bytes; null for all others. */
  readonly bytes: number | null;
}

/** A key that is gone. */
export interface CurrentRemoval {
  readonly table: "current-removal";
  readonly scope: Scope;
  readonly key: string;
}

/** One line of the key index: which event did what to a key. */
export interface KeyChangeRow {
  readonly table: "key-changes";
  readonly scope: Scope;
  readonly key: string;
  readonly sequence: number;
  readonly created: number;
  /** A value is set, however its event says so. */
  readonly operation: Exclude<Effect["op"], "patch">;
}

/** The line of the key index that a fork begins with: an ancestor's event gave the key its value. */
export interface InheritedKeyRow extends Omit<KeyChangeRow, "table"> {
  readonly table: "inherited-key";
  /** The context whose event it is. */
  readonly owner: number;
}

export const phaseStatuses = ["running", "finished", "failed", "unmerged", "superseded"] as const;
export type PhaseStatus = (typeof phaseStatuses)[number];

/** How a run of a phase stands; later events of the run overwrite the row, keeping its start. */
export interface PhaseRow {
  readonly table: "phases";
  readonly id: string;
  readonly name: string;
  readonly once: string | null;
  readonly status: PhaseStatus;
  readonly sequence: number;
}

/** What a command under an idempotency key was, and what its caller was told. */
export interface ReceiptRow {
  readonly table: "receipts";
  readonly idempotencyKey: string;
  readonly sequence: number;
  readonly command: string;
  readonly outcome: string | null;
}

/**
 * Ends what phases and idempotency keys have come to so far: a fork does not inherit them. Only a fork that was
 * loaded together with what came before it has any.
 */
export interface RunsRemoval {
  readonly table: "runs-removal";
}

/** The context's name, which stands beside its id. */
export interface NameRow {
  readonly table: "names";
  readonly name: string;
}
