import type { DeltaChannelHistory } from "@langchain/langgraph-checkpoint";
import { type CheckpointEntry, entryOf } from "./checkpoint-record.js";
import { channelKey } from "./own-keys.js";
import { followersIn, pendingWritesOf } from "./pending-writes.js";
import { fromStored } from "./stored.js";
import type { ThreadContext } from "./thread-contexts.js";

/**
 * What channels that store their changes alone are put together from: for each, the value that the nearest checkpoint
 * before has of it, and what was written since. It reads no other channels.
 */
export function deltaHistory(
  ctx: ThreadContext,
  checkpoint: string,
  channels: readonly string[],
): Record<string, DeltaChannelHistory> {
  const found = new Map<string, DeltaChannelHistory>(channels.map((channel) => [channel, { writes: [] }]));
  const open = new Set(channels);
  const followers = followersIn(ctx);
  let next = entryOf(ctx, checkpoint)?.parent;
  while (next !== undefined && open.size > 0) {
    const entry = entryOf(ctx, next);
    if (entry === undefined) break;
    for (const write of pendingWritesOf(ctx, next, followers).reverse()) {
      if (open.has(write[1])) found.get(write[1])?.writes.push(write);
    }
    for (const [channel, seed] of seedsIn(ctx, entry, open)) {
      const history = found.get(channel);
      if (history !== undefined) history.seed = seed;
      open.delete(channel);
    }
    next = entry.parent;
  }
  for (const { writes } of found.values()) writes.reverse();
  return Object.fromEntries(found);
}

/** The values that a checkpoint has of channels; one that rests, as it says itself, is not looked for. */
function seedsIn(
  ctx: ThreadContext,
  { version, resting = [] }: CheckpointEntry,
  channels: ReadonlySet<string>,
): readonly (readonly [string, unknown])[] {
  const likely = [...channels].filter((channel) => !resting.includes(channel));
  if (likely.length === 0) return [];
  const values = ctx.at(version, { keys: likely.map(channelKey) });
  const held = likely.filter((channel) => values.has(channelKey(channel)));
  return held.map((channel) => [channel, fromStored(values.get(channelKey(channel)))]);
}
