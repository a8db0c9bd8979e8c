import { formatPoint } from "../address.js";
import { ContextError } from "../errors.js";
import type { DraftEffect } from "../event.js";
import { findSnapshot, type Snapshot, snapshotsOf } from "../snapshot.js";
import type { State } from "../state.js";
import type { Codec } from "../value/codec.js";
import { type Command, deletions, nothing } from "./command.js";

/** Pins a listed snapshot, named by its id or reason, so that no rule trims it; tells whether that is new. */
export function pinSnapshot(wanted: string, codec: Codec): Command<boolean> {
  return {
    asked: () => ["pin", wanted],
    decide: (state, context) => {
      const { id, reason, isPinned } = getSnapshot(state, wanted, context);
      if (isPinned) return nothing(false);
      const details = { snapshot: id, reason };
      return { draft: { type: "snapshot_pinned", effects: [pinEffect(id, codec)], details }, outcome: true };
    },
  };
}

/** Lets a snapshot be trimmed again, when the next one is taken; tells whether it was pinned. */
export function unpinSnapshot(wanted: string): Command<boolean> {
  return {
    asked: () => ["unpin", wanted],
    decide: (state, context) => {
      const { id, reason, isPinned } = getSnapshot(state, wanted, context);
      if (!isPinned) return nothing(false);
      const details = { snapshot: id, reason };
      return {
        draft: { type: "snapshot_unpinned", effects: deletions("pin", [id]), details },
        outcome: true,
      };
    },
  };
}

/** Keeps the snapshot of an id listed. */
export function pinEffect(id: string, codec: Codec): DraftEffect {
  return { op: "set", scope: "pin", key: id, held: codec.record(true, "pin") };
}

function getSnapshot(state: State, wanted: string, context: string): Snapshot {
  const found = findSnapshot(snapshotsOf(state), wanted, context);
  if (found !== undefined) return found;
  const address = formatPoint({ kind: "snapshot", snapshot: wanted });
  throw new ContextError("ADDRESS_NOT_FOUND", { context, address });
}
