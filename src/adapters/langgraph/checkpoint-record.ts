import type { Checkpoint, CheckpointMetadata } from "@langchain/langgraph-checkpoint";
import { channelKey, checkpointKey, headKey } from "./own-keys.js";
import { fromStored, toStored } from "./stored.js";

/** What is known of a checkpoint under its own key. */
export interface CheckpointEntry {
  /** The version of the context that has its values. */
  readonly version: number;
  readonly ts: string;
  readonly parent?: string;
  readonly metadata: CheckpointMetadata;
  readonly resting?: readonly string[];
}

/** What the newest checkpoint says of itself beside that. */
export interface CheckpointHead {
  /** The same version as in its entry. */
  readonly version: number;
  readonly checkpoint: Omit<Checkpoint, "id" | "ts" | "channel_values">;
  /** Channels that have a value, but no version. */
  readonly unversioned?: readonly string[];
  /** Channels that have none, although their keys still hold the last one: the next one will differ little from it. */
  readonly resting?: readonly string[];
}

/** Keys with what they hold, now or at a version. */
export interface Values {
  get(key: string): unknown;
  has(key: string): boolean;
}

/** Reads what is known of a checkpoint; undefined where there is none of that id. The metadata are read when asked for. */
export function entryOf(values: Values, id: string): CheckpointEntry | undefined {
  // What storedRecord wrote; all but the metadata stands as it is.
  const stored = values.get(checkpointKey(id)) as CheckpointEntry | undefined;
  if (stored === undefined) return undefined;
  const { version, ts, parent, resting } = stored;
  return {
    version,
    ts,
    ...(parent === undefined ? {} : { parent }),
    ...(resting === undefined ? {} : { resting }),
    get metadata() {
      return fromStored(stored.metadata) as CheckpointMetadata;
    },
  };
}

/** The version of the newest checkpoint; undefined where there is none. */
export function newestVersion(values: Values): number | undefined {
  // What storedRecord wrote; this stands as it is.
  return (values.get(headKey) as CheckpointHead | undefined)?.version;
}

/** Reads what the newest checkpoint says of itself; undefined where there is none. */
export function headOf(values: Values): CheckpointHead | undefined {
  const stored = values.get(headKey);
  // What storedRecord wrote.
  return stored === undefined ? undefined : (fromStored(stored) as CheckpointHead);
}

/** What is stored of a checkpoint beside its channels. */
export interface CheckpointRecord extends Omit<CheckpointEntry, "ts" | "parent"> {
  readonly checkpoint: Checkpoint;
  readonly parent: string | undefined;
  /** The channels that have a value. */
  readonly channels: readonly string[];
  readonly resting: readonly string[];
}

/** The keys of a record, and what they hold. */
export function storedRecord(record: CheckpointRecord): [string, unknown][] {
  const { version, parent, metadata } = record;
  const resting = record.resting.length === 0 ? {} : { resting: record.resting };
  const { id, ts, ...rest } = record.checkpoint;
  const checkpoint: CheckpointHead["checkpoint"] = omitValues(rest);
  const unversioned = record.channels.filter(
    (channel) => !Object.hasOwn(checkpoint.channel_versions, channel),
  );
  const head = { version, checkpoint, ...(unversioned.length === 0 ? {} : { unversioned }), ...resting };
  const entry = { version, ts, ...(parent === undefined ? {} : { parent }), metadata, ...resting };
  return [
    [headKey, toStored(head)],
    [checkpointKey(id), toStored(entry)],
  ];
}

/** A checkpoint may have more fields than today's do. */
function omitValues<Rest extends { channel_values: unknown }>(rest: Rest): Omit<Rest, "channel_values"> {
  const others: Partial<Rest> = { ...rest };
  delete others.channel_values;
  // All the other fields are there.
  return others as Omit<Rest, "channel_values">;
}

/** The channels that a checkpoint may have values of. */
export function channelsOf(head: CheckpointHead | undefined): readonly string[] {
  if (head === undefined) return [];
  const named = new Set([...Object.keys(head.checkpoint.channel_versions), ...(head.unversioned ?? [])]);
  for (const channel of head.resting ?? []) named.delete(channel);
  return [...named];
}

/** The checkpoint whole, of what the keys hold; undefined where they hold none. */
export function checkpointOf(id: string, { ts }: CheckpointEntry, values: Values): Checkpoint | undefined {
  const head = headOf(values);
  if (head === undefined) return undefined;
  const held = channelsOf(head).filter((channel) => values.has(channelKey(channel)));
  return {
    ...head.checkpoint,
    id,
    ts,
    channel_values: Object.fromEntries(
      held.map((channel) => [channel, fromStored(values.get(channelKey(channel)))]),
    ),
  };
}
