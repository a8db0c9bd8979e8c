import {
  type Checkpoint,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  maxChannelVersion,
  TASKS,
} from "@langchain/langgraph-checkpoint";
import { readStates } from "./checkpoint-pages.js";
import {
  type CheckpointEntry,
  checkpointOf,
  entryOf,
  newestVersion,
  type Values,
} from "./checkpoint-record.js";
import { checkpointIdsOf } from "./own-keys.js";
import { type Followers, pendingWritesOf } from "./pending-writes.js";
import { configOf, type Place } from "./place.js";
import type { ThreadContext } from "./thread-contexts.js";

/** The id of the newest checkpoint; ids grow with time. */
export function newestCheckpoint(ctx: ThreadContext): string | undefined {
  return checkpointIdsOf(ctx.keys())[0];
}

/** Reads a checkpoint with all that belongs to it; undefined where there is none of that id. */
export function readCheckpoint(ctx: ThreadContext, place: Place, id: string): CheckpointTuple | undefined {
  const entry = entryOf(ctx, id);
  if (entry === undefined) return undefined;
  // The newest one's values are the present ones; those of all others lie in the past.
  const { version } = entry;
  const values = newestVersion(ctx) === version ? ctx : readStates(ctx, [version]).get(version);
  return values && tupleOf(ctx, { place, id, entry }, values);
}

/** A checkpoint that is known of. */
export interface KnownCheckpoint {
  readonly place: Place;
  readonly id: string;
  readonly entry: CheckpointEntry;
}

/** What LangGraph is told of a checkpoint, whose values are these. */
export function tupleOf(
  ctx: ThreadContext,
  { place, id, entry }: KnownCheckpoint,
  values: Values,
  followers?: Followers,
): CheckpointTuple | undefined {
  const { parent, metadata } = entry;
  const read = checkpointOf(id, entry, values);
  if (read === undefined) return undefined;
  return {
    config: configOf(place, id),
    checkpoint:
      parent === undefined || read.v >= 4 ? read : withSends(read, pendingWritesOf(ctx, parent, followers)),
    metadata,
    pendingWrites: pendingWritesOf(ctx, id, followers),
    ...(parent === undefined ? {} : { parentConfig: configOf(place, parent) }),
  };
}

/** Older graphs kept what was sent among the writes of the checkpoint before. */
function withSends(checkpoint: Checkpoint, before: readonly CheckpointPendingWrite[]): Checkpoint {
  const sends = before.filter(([, channel]) => channel === TASKS);
  const versions = Object.values(checkpoint.channel_versions);
  return {
    ...checkpoint,
    channel_values: { ...checkpoint.channel_values, [TASKS]: sends.map(([, , value]) => value) },
    channel_versions: {
      ...checkpoint.channel_versions,
      [TASKS]: versions.length === 0 ? 1 : maxChannelVersion(...versions),
    },
  };
}
