import type { JsonPatchOperation, KeySize, Skipped, Why } from "../index.js";

/**
 * What `--json` gives, by command. Every document begins with `"format": 1`; within a format, members are
 * only ever added. Times are ISO 8601 in UTC. Values are as the store keeps them: what JSON lacks is tagged
 * in place, such as `{"$type":"date","value":"…"}`.
 */
export interface JsonShapes {
  contexts: { readonly contexts: readonly ContextShape[] };
  show: StateShape;
  diff: {
    readonly from: PlaceShape;
    readonly to: PlaceShape;
    readonly changes: readonly DifferencePartShape[];
    readonly patch?: readonly JsonPatchOperation[];
  };
  blame: PlaceShape & {
    readonly leaves: readonly {
      readonly path: readonly (string | number)[];
      readonly value: JsonTree;
      readonly event: HeaderShape;
    }[];
  };
  why: {
    readonly context: string;
    readonly key: string;
    readonly chain: readonly { readonly event: HeaderShape; readonly cause: Why["cause"] }[];
  };
  log: { readonly context: string; readonly events: readonly EventShape[] };
  changes: { readonly context: string; readonly changes: readonly ChangeShape[] };
  get: { readonly context: string; readonly version: number; readonly key: string; readonly value: JsonTree };
  set: WriteShape & { readonly key: string };
  delete: WriteShape & { readonly key: string };
  deleteContext: { readonly context: string; readonly events: number; readonly dryRun: boolean };
  merge: WriteShape & { readonly written: readonly string[]; readonly skipped: readonly Skipped[] };
  snapshot: { readonly context: string; readonly snapshot: SnapshotShape };
  snapshots: { readonly context: string; readonly snapshots: readonly SnapshotShape[] };
  restore: WriteShape & { readonly set: readonly string[]; readonly deleted: readonly string[] };
  save: { readonly file: string; readonly contexts: number; readonly events: number };
  load: { readonly contexts: readonly string[]; readonly dryRun: boolean };
  sql: { readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, JsonTree>>[] };
  rebuild: {
    readonly contexts: number;
    readonly events: number;
    readonly differences: Readonly<Record<string, number>>;
  };
  stats: { readonly store: { readonly location: string; readonly bytes: number; readonly contexts: number } };
  contextStats: ContextStatsShape;
}

/** Whatever `JSON.parse` gives. */
export type JsonTree = unknown;

export interface ContextShape {
  readonly id: string;
  readonly version: number;
  readonly events: number;
  readonly keys: number;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly metadata: JsonTree;
}

/** `ephemeral` and `protected` are there for the present only. */
export interface StateShape {
  readonly context: string;
  readonly version: number;
  readonly sequence: number;
  readonly at: string;
  /** The event that made the version. */
  readonly event: HeaderShape;
  readonly persistent: JsonTree;
  readonly ephemeral?: JsonTree;
  readonly protected?: readonly string[];
}

/** Which state of a context. */
export interface PlaceShape {
  readonly context: string;
  readonly version: number;
  readonly sequence: number;
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
export interface EventShape {
  readonly sequence: number;
  readonly version: number;
  readonly type: string;
  readonly at: string;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly batch: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly idempotencyKey: string | null;
  readonly effects: readonly EffectShape[];
  readonly details: JsonTree;
  readonly hash: string;
  /** What it changed of the persistent keys; there where it was asked for. */
  readonly changes?: readonly DifferencePartShape[];
}
export interface EffectShape {
  readonly op: string;
  readonly scope: string;
  readonly key: string;
  readonly value?: JsonTree;
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

/** Where a write left its context; with `dryRun`, where it would have. */
export interface WriteShape {
  readonly context: string;
  readonly version: number;
  readonly changed: boolean;
  readonly dryRun: boolean;
}

export interface SnapshotShape {
  readonly id: string;
  readonly reason: string;
  readonly version: number;
  readonly sequence: number;
  readonly takenAt: string;
  readonly metadata: JsonTree;
}

export interface ContextStatsShape {
  readonly context: string;
  readonly version: number;
  readonly events: number;
  readonly eventBytes: number;
  readonly persistentBytes: number;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly keys: readonly KeySize[];
}
