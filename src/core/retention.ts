import type { Snapshot } from "./snapshot.js";

/** How many snapshots a context lists, for how long, and of how much; pinned ones stay and do not count. */
export interface SnapshotRule {
  readonly keep: number;
  /** Ms before the snapshot that is being taken. */
  readonly maxAgeMs: number;
  /** Of all states that are marked, as {@link Snapshot.bytes} counts each. */
  readonly maxBytes: number;
}

/** What holds if nothing is said. */
export const defaultSnapshotRule: SnapshotRule = { keep: 50, maxAgeMs: Infinity, maxBytes: Infinity };

/**
 * The ids of the snapshots that leave the list when one more is taken, oldest first. Those that stay are the
 * newest that fit all rules together; the one that is being taken stays in any case.
 */
export function trimmedBy(
  { keep, maxAgeMs, maxBytes }: SnapshotRule,
  listed: readonly Snapshot[],
  taken: Pick<Snapshot, "isPinned" | "bytes" | "takenAt">,
): string[] {
  const subject = listed.filter(({ isPinned }) => !isPinned);
  let [count, bytes] = taken.isPinned ? [0, 0] : [1, taken.bytes];
  let first = subject.length;
  for (const snapshot of subject.toReversed()) {
    count += 1;
    bytes += snapshot.bytes;
    if (count > keep || bytes > maxBytes || taken.takenAt - snapshot.takenAt > maxAgeMs) break;
    first -= 1;
  }
  return subject.slice(0, first).map(({ id }) => id);
}
