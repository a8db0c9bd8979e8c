import { type SnapshotRule, trimmedBy } from "../retention.js";
import { type KeptSnapshot, type Snapshot, snapshotsOf } from "../snapshot.js";
import type { Codec, Taken } from "../value/codec.js";
import { type Command, deletions } from "./command.js";
import { pinEffect } from "./pin.js";

/** Takes a snapshot as asked: `about` holds its reason and metadata; the rule says which others stay listed. */
export interface Taking {
  readonly id: string;
  readonly about: Taken;
  readonly isPinned: boolean;
  readonly rule: SnapshotRule;
}

/** The snapshot that was taken, by its id, and the version and event that it marks. */
export type Marked = Pick<Snapshot, "id" | "version" | "sequence" | "bytes">;

/** Marks the present version as a snapshot and trims others from the list; tells where it stands. */
export function takeSnapshot({ id, about, isPinned, rule }: Taking, codec: Codec): Command<Marked> {
  return {
    asked: () => ["snapshot", about.text, ...(isPinned ? ["pinned"] : [])],
    decide: (state, _context, at) => {
      // Taken of a caller's reason and metadata, as they are kept.
      const { reason, metadata } = about.value as KeptSnapshot;
      const { version, persistentBytes: bytes } = state;
      const trimmed = trimmedBy(rule, snapshotsOf(state), { isPinned, bytes, takenAt: at() });
      const held = codec.record({ reason, metadata, bytes }, "snapshot");
      return {
        draft: {
          type: "snapshot_taken",
          effects: [
            { op: "set", scope: "snapshot", key: id, held },
            ...(isPinned ? [pinEffect(id, codec)] : []),
            ...deletions("snapshot", trimmed),
          ],
          details: { snapshot: id, reason, trimmed, ...(isPinned && { pinned: true }) },
        },
        outcome: { id, version, sequence: state.sequence + 1, bytes },
      };
    },
  };
}
