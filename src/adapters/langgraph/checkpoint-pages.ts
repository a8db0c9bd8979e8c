import { type CheckpointEntry, channelsOf, headOf, type Values } from "./checkpoint-record.js";
import { channelKey, headKey } from "./own-keys.js";
import type { ThreadContext } from "./thread-contexts.js";

/** So many checkpoints are read together, where their versions lie no further apart than this. */
const largestPage = 200;
const widestPage = 1_000;

/**
 * How many of the first checkpoints of a list are best read together: reading the changes between them once costs less
 * than reading each of their states.
 */
export function pageSize(entries: readonly CheckpointEntry[]): number {
  let [lowest, highest] = [Infinity, 0];
  for (const [index, { version }] of entries.entries()) {
    lowest = Math.min(lowest, version);
    highest = Math.max(highest, version);
    if (index === largestPage || highest - lowest > widestPage) return Math.max(1, index);
  }
  return entries.length;
}

/** The values that the context had at some versions, by version; parts that did not change are the same objects. */
export function readStates(ctx: ThreadContext, versions: readonly number[]): ReadonlyMap<number, Values> {
  const wanted = new Set(versions);
  const [first, last] = [Math.min(...versions), Math.max(...versions)];
  const current = valuesAt(ctx, first);
  const states = new Map<number, Values>([[first, new Map(current)]]);
  if (first === last) return states;
  for (const { version, effects } of ctx.events({ since: { version: first }, until: { version: last } })) {
    for (const { op, scope, key, value } of effects) {
      if (scope !== "persistent") continue;
      if (op === "set") current.set(key, value);
      else current.delete(key);
    }
    if (wanted.has(version)) states.set(version, new Map(current));
  }
  return states;
}

/** The head and the channels at a version, with those that rest: what they hold may count again without an event. */
function valuesAt(ctx: ThreadContext, version: number): Map<string, unknown> {
  const head = ctx.at(version, { keys: [headKey] });
  const read = headOf(head);
  const named = [...channelsOf(read), ...(read?.resting ?? [])];
  const channels = ctx.at(version, { keys: named.map(channelKey) });
  return new Map([...head.entries(), ...channels.entries()]);
}
