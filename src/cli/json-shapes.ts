import type {
  Backup,
  Fault,
  Head,
  Hold,
  JsonPatchOperation,
  Compaction,
  ContextStats,
  StoreStats,
  Salvage,
  SalvagedContext,
  Skipped,
  Why,
} from "../index.js";
import type {
  ChangeShape,
  DifferencePartShape,
  EventShape,
  HeaderShape,
  JsonTree,
} from "./json-event-shapes.js";
import type { ImportedThreadsShape, PythonImportShape } from "./json-import-shapes.js";

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
  graph: {
    readonly context: string;
    readonly events: readonly (EventShape & { readonly context: string })[];
  };
  changes: { readonly context: string; readonly changes: readonly ChangeShape[] };
  bisect: BisectShape;
  search: { readonly hits: readonly SearchHitShape[] };
  replay: { readonly context: string; readonly steps: readonly StepShape[] };
  get: { readonly context: string; readonly version: number; readonly key: string; readonly value: JsonTree };
  set: WriteShape & { readonly key: string };
  delete: WriteShape & { readonly key: string };
  deleteContext: { readonly context: string; readonly events: number; readonly dryRun: boolean };
  merge: WriteShape & { readonly written: readonly string[]; readonly skipped: readonly Skipped[] };
  snapshot: { readonly context: string; readonly snapshot: SnapshotShape };
  snapshots: { readonly context: string; readonly snapshots: readonly SnapshotShape[] };
  pin: WriteShape & { readonly snapshot: string };
  unpin: WriteShape & { readonly snapshot: string };
  restore: WriteShape & { readonly set: readonly string[]; readonly deleted: readonly string[] };
  fork: {
    readonly context: string;
    readonly version: number;
    readonly sequence: number;
    readonly parent: string;
    /** The version that both share. */
    readonly at: number;
  };
  lineage: {
    readonly context: string;
    readonly line: readonly RelativeShape[];
    readonly family: FamilyShape;
  };
  verify: {
    readonly isSound: boolean;
    readonly contexts: number;
    readonly events: number;
    readonly faults: readonly FaultShape[];
    readonly repaired: JsonShapes["rebuild"] | null;
  };
  head: Pick<Head, "context" | "sequence" | "version" | "hash" | "text">;
  redact: {
    readonly context: string;
    readonly path: string;
    readonly values: number;
    readonly contexts: readonly string[];
    readonly archives: readonly string[];
    readonly isScrubbed: boolean;
  };
  prune: { readonly isDryRun: boolean; readonly contexts: readonly PrunedShape[] };
  save: { readonly file: string; readonly contexts: number; readonly events: number };
  load: { readonly contexts: readonly string[]; readonly dryRun: boolean };
  importLangGraph: ImportedThreadsShape;
  importPython: { readonly imports: readonly PythonImportShape[]; readonly dryRun: boolean };
  backup: Backup;
  acceptLoss: { readonly accepted: boolean; readonly why: string | null };
  salvage: SalvageShape;
  sql: { readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, JsonTree>>[] };
  rebuild: {
    readonly contexts: number;
    readonly events: number;
    readonly differences: Readonly<Record<string, number>>;
  };
  compact: Compaction;
  stats: { readonly store: StoreStats };
  contextStats: ContextStatsShape;
}

/** A context among its relatives; one without an id was deleted, and is kept for its forks. */
export interface RelativeShape {
  readonly id: string | null;
  readonly createdAt: string;
  readonly forkedAt: { readonly version: number; readonly sequence: number } | null;
}
export interface FamilyShape extends RelativeShape {
  readonly forks: readonly FamilyShape[];
}

export interface FaultShape {
  readonly context: string | null;
  readonly sequence: number | null;
  readonly kind: Fault["kind"];
  readonly why: string;
}

/** `of` is the last event that there is any trace of; `unplaced.file` is null where every event had a place. */
export interface SalvageShape extends Pick<
  Salvage,
  "file" | "isComplete" | "stream" | "deleted" | "damage" | "mayHideEvents"
> {
  readonly contexts: readonly (Omit<SalvagedContext, "context"> & { readonly context: string | null })[];
  readonly anchor: NonNullable<Salvage["anchor"]> | null;
  readonly unplaced: { readonly events: number; readonly file: string | null };
  readonly isSound: boolean;
}

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

/** `before` is the version before the turn; null where it is true from the start of the range. */
export interface BisectShape {
  readonly context: string;
  readonly version: number;
  readonly sequence: number;
  readonly before: number | null;
  readonly event: HeaderShape;
  readonly difference: readonly DifferencePartShape[];
  readonly steps: number;
}

/** One hit, also a line of `search --jsonl` (with `format`). */
export interface SearchHitShape {
  readonly context: string;
  readonly scope: string;
  readonly key: string;
  readonly where: string;
  readonly path: readonly (string | number)[];
  readonly value: string;
  readonly version: number;
  readonly sequence: number;
  readonly at: string;
  readonly actor: string | null;
  readonly type: string;
}

/** One step of a replay, also a line of `replay --jsonl` (with `format`); a side without a value is absent. */
export interface StepShape {
  readonly event: EventShape;
  readonly skipped: boolean;
  readonly changed: readonly KeyChangeShape[];
}
export interface KeyChangeShape {
  readonly key: string;
  readonly scope: string;
  readonly before?: JsonTree;
  readonly after?: JsonTree;
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
  readonly isPinned: boolean;
  readonly bytes: number;
}

export type ContextStatsShape = Omit<ContextStats, "createdAt" | "changedAt"> & {
  readonly createdAt: string;
  readonly changedAt: string;
};

interface PrunedShape {
  readonly context: string;
  /** The number of the event whose state is the oldest there is; 0 for a history that is whole. */
  readonly floor: number;
  readonly events: number;
  readonly bytes: number;
  readonly archive: { readonly file: string; readonly sha256: string | null } | null;
  readonly heldBy: readonly Hold[];
}
