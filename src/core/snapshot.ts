import type { Entry, State } from "./state.js";
import type { Codec } from "./value/codec.js";

/** A named point that can be restored; a marker, not a copy: its data is `ctx.at(snapshot).data`. */
export interface Snapshot {
  readonly id: string;
  readonly reason: string;
  /** What the caller said of it, frozen. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly sequence: number;
  /** When it was taken, in ms since the epoch. */
  readonly takenAt: number;
}

/** The snapshots that the context keeps, oldest first. */
export function snapshotsOf(state: State): readonly Snapshot[] {
  return [...state.scopes.snapshot.entries()].map(([id, entry]) => snapshotOf(id, entry));
}

/** The same, for a reader, who may change what cannot be frozen. */
export function sharedSnapshots(state: State, codec: Pick<Codec, "share">): readonly Snapshot[] {
  return [...state.scopes.snapshot.entries()].map(([id, entry]) =>
    snapshotOf(id, { ...entry, value: codec.share(entry) }),
  );
}

/** One of them, for a reader. */
export function sharedSnapshot(state: State, id: string, codec: Pick<Codec, "share">): Snapshot | undefined {
  const entry = state.scopes.snapshot.get(id);
  return entry === undefined ? undefined : snapshotOf(id, { ...entry, value: codec.share(entry) });
}

/** The newest snapshot, if any is kept. */
export function newestSnapshot(state: State): Snapshot | undefined {
  return snapshotsOf(state).at(-1);
}

function snapshotOf(id: string, entry: Entry): Snapshot {
  // Written by takeSnapshot, the only command that sets keys of this scope.
  const { reason, metadata } = entry.value as Pick<Snapshot, "reason" | "metadata">;
  return Object.freeze({
    id,
    reason,
    metadata,
    version: entry.version,
    sequence: entry.sequence,
    takenAt: entry.changedAt,
  });
}
