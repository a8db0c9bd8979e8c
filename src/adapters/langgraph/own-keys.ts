/**
 * A place's context holds its channels under their own names, as the newest checkpoint has them, and the keys below,
 * which begin with a mark. A checkpoint is a version of the context: what it had is read there.
 */
const mark = "@";

/** What the newest checkpoint says of itself, without its values. */
export const headKey = `${mark}head`;

/** Of what there is one for each checkpoint. */
export type OwnKind = "checkpoint" | "writes";

/** Under which a checkpoint is found. */
export function checkpointKey(id: string): string {
  return prefixOf("checkpoint") + id;
}

/** Under which the writes are that are pending on a checkpoint; it goes when the next one follows. */
export function writesKey(id: string): string {
  return prefixOf("writes") + id;
}

/** Stands before the name of a channel that begins with the mark. */
const escaped = `${mark}channel `;

/** Under which a channel's value is. */
export function channelKey(channel: string): string {
  return channel.startsWith(mark) ? escaped + channel : channel;
}

/** The channel whose value is under a key; undefined where it is one of the others. */
export function channelIn(key: string): string | undefined {
  if (!key.startsWith(mark)) return key;
  return key.startsWith(escaped) ? key.slice(escaped.length) : undefined;
}

/** The id of the checkpoint that a key of some kind is about; undefined where it is another key. */
export function idIn(key: string, kind: OwnKind): string | undefined {
  return key.startsWith(prefixOf(kind)) ? key.slice(prefixOf(kind).length) : undefined;
}

/** The ids of the checkpoints among a context's keys, newest first. */
export function checkpointIdsOf(keys: readonly string[]): string[] {
  const found = keys.flatMap((key) => idIn(key, "checkpoint") ?? []);
  return found.sort().reverse();
}

function prefixOf(kind: OwnKind): string {
  return `${mark}${kind} `;
}
