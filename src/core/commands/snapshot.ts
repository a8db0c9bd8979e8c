import type { Taken } from "../value/codec.js";
import { type Command, deletions } from "./command.js";

/** Takes a snapshot as asked: `about` holds its reason and metadata; only the newest `keep` stay listed. */
export interface Taking {
  readonly id: string;
  readonly reason: string;
  readonly about: Taken;
  readonly keep: number;
}

/** The snapshot that was taken, by its id, and the version and event that it marks. */
export interface Marked {
  readonly id: string;
  readonly version: number;
  readonly sequence: number;
}

/** Marks the present version as a snapshot and trims the oldest from the list; tells where it stands. */
export function takeSnapshot({ id, reason, about, keep }: Taking): Command<Marked> {
  return {
    asked: () => ["snapshot", about.text],
    decide: (state) => {
      const kept = [...state.scopes.snapshot.keys()];
      const trimmed = kept.slice(0, Math.max(0, kept.length + 1 - keep));
      return {
        draft: {
          type: "snapshot_taken",
          effects: [
            { op: "set", scope: "snapshot", key: id, held: about },
            ...deletions("snapshot", trimmed),
          ],
          details: { snapshot: id, reason, trimmed },
        },
        outcome: { id, version: state.version, sequence: state.sequence + 1 },
      };
    },
  };
}
