import { ContextError } from "./errors.js";
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
  /** Whether it stays listed, whatever else is taken. */
  readonly isPinned: boolean;
  /** Of the persistent values that it marks, as JSON texts in UTF-8; the snapshot itself takes a few hundred. */
  readonly bytes: number;
  /** What the Python original said of it, where it was imported from there; times in seconds since the epoch. */
  readonly imported?: { readonly version: number; readonly timestamp: number };
}

/** A snapshot as the store keeps it, under its id. Releases before the rule on bytes did not count them. */
export interface KeptSnapshot extends Pick<Snapshot, "reason" | "metadata" | "imported"> {
  readonly bytes?: number;
}

/** The snapshots that the context keeps, oldest first. */
export function snapshotsOf(state: State): readonly Snapshot[] {
  return [...state.scopes.snapshot.entries()].map(([id, entry]) => snapshotOf(state, id, entry));
}

/** The same, for a reader, who may change what cannot be frozen. */
export function sharedSnapshots(state: State, codec: Pick<Codec, "share">): readonly Snapshot[] {
  return [...state.scopes.snapshot.entries()].map(([id, entry]) =>
    snapshotOf(state, id, { ...entry, value: codec.share(entry) }),
  );
}

/** One of them, for a reader. */
export function sharedSnapshot(state: State, id: string, codec: Pick<Codec, "share">): Snapshot | undefined {
  const entry = state.scopes.snapshot.get(id);
  return entry === undefined ? undefined : snapshotOf(state, id, { ...entry, value: codec.share(entry) });
}

/** The newest snapshot, if any is kept. */
export function newestSnapshot(state: State): Snapshot | undefined {
  return snapshotsOf(state).at(-1);
}

/**
 * Finds a snapshot by its id, or by a reason that no other has.
 * @throws {ContextError} SNAPSHOT_AMBIGUOUS
 */
export function findSnapshot(
  snapshots: readonly Snapshot[],
  wanted: string,
  context: string,
): Snapshot | undefined {
  const byId = snapshots.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [found, ...others] = snapshots.filter(({ reason }) => reason === wanted);
  if (found === undefined || others.length === 0) return found;
  const ids = [found, ...others].map(({ id }) => id);
  throw new ContextError("SNAPSHOT_AMBIGUOUS", { context, snapshot: wanted, ids });
}

function snapshotOf({ scopes }: State, id: string, entry: Entry): Snapshot {
  // Written by takeSnapshot or an import; nothing else sets keys of this scope.
  const { reason, metadata, bytes = 0, imported } = entry.value as KeptSnapshot;
  return Object.freeze({
    id,
    reason,
    metadata,
    version: entry.version,
    sequence: entry.sequence,
    takenAt: entry.changedAt,
    isPinned: scopes.pin.has(id),
    bytes,
    ...(imported !== undefined && { imported: Object.freeze(imported) }),
  });
}
