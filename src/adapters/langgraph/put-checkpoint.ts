import type { ChannelVersions, Checkpoint, CheckpointMetadata } from "@langchain/langgraph-checkpoint";
import { ContextError } from "../../index.js";
import { readStates } from "./checkpoint-pages.js";
import { decided } from "./decided.js";
import {
  type CheckpointHead,
  channelsOf,
  entryOf,
  headOf,
  storedRecord,
  type Values,
} from "./checkpoint-record.js";
import { channelKey, checkpointKey, writesKey } from "./own-keys.js";
import { isStoredInstance, toStored } from "./stored.js";
import type { ThreadContext } from "./thread-contexts.js";

/** A checkpoint as it is handed over. */
export interface Offered {
  readonly checkpoint: Checkpoint;
  readonly metadata: CheckpointMetadata;
  /** The channels that changed since the checkpoint before. */
  readonly newVersions: ChannelVersions;
  /** The id of the checkpoint before. */
  readonly parent: string | undefined;
  /** That the checkpoint before is not there any more; its id is kept all the same. */
  readonly isParentLost?: boolean;
}

/** What a context begins with whose first checkpoint this is. */
export function firstValues(offered: Offered): Record<string, unknown> {
  requireParent(offered, undefined);
  const changes = changesOf(offered, undefined, undefined);
  return Object.fromEntries([...changes.set, ...ownKeysOf(offered, changes, 0)]);
}

/**
 * Makes a checkpoint the newest version of its context: each channel that differs is set, or goes.
 * @throws {ContextError} CHECKPOINT_NOT_FOUND, KEY_PROTECTED
 */
export function putCheckpoint(ctx: ThreadContext, offered: Offered): void {
  decided(ctx, (expectedVersion) => {
    const { checkpoint, parent } = offered;
    const key = checkpointKey(checkpoint.id);
    const head = headOf(ctx);
    const changes = changesOf(offered, baseOf(ctx, offered, head), head && { head, values: ctx });
    const { set, remove } = changes;
    // What was pending on the checkpoint before is no more; whoever asks for it finds it in the history.
    if (parent !== undefined) remove.push(writesKey(parent));
    const isNew = !ctx.has(key);
    const unprotected = newNamesOf(ctx, set);
    const write = (options: { expectedVersion?: number }) => {
      const own = ownKeysOf(offered, changes, ctx.version + 1);
      const { skipped } = ctx.update(Object.fromEntries([...set, ...own]), { ...options, remove });
      if (skipped[0] !== undefined) throw refused(ctx, key, skipped[0].key);
    };
    if (isNew && unprotected.length === 0) write({ expectedVersion });
    else
      ctx.batch(
        () => {
          unprotected.forEach((name) => ctx.unprotect(name));
          // The same once more would leave the version as it was.
          if (!isNew) ctx.delete(key);
          write({});
        },
        { expectedVersion },
      );
  });
}

/** Somebody protects a channel: what was written without it is no checkpoint. */
function refused(ctx: ThreadContext, key: string, channel: string): ContextError {
  ctx.delete(key);
  return new ContextError("KEY_PROTECTED", { context: ctx.id, key: channel });
}

/** The checkpoint before, and the values it has. */
interface Base {
  readonly head: CheckpointHead;
  /** The present values, or those of a version; of the channels alone. */
  readonly values: Values;
}

function baseOf(ctx: ThreadContext, offered: Offered, present: CheckpointHead | undefined): Base | undefined {
  const { parent } = offered;
  if (parent === undefined || offered.isParentLost === true) return undefined;
  const { version } = requireParent(offered, entryOf(ctx, parent));
  if (present?.version === version) return { head: present, values: ctx };
  const values = readStates(ctx, [version]).get(version);
  const head = values && headOf(values);
  if (values === undefined || head === undefined) throw notFound(parent);
  return { head, values };
}

interface Changes {
  readonly set: Map<string, unknown>;
  readonly remove: string[];
  /** Channels without a value whose keys stay. */
  readonly resting: string[];
}

/** What makes the checkpoint's values of the present ones, which may be those of another branch. */
function changesOf(offered: Offered, base: Base | undefined, present: Base | undefined): Changes {
  const { channel_values } = offered.checkpoint;
  const own = [...Object.keys(offered.newVersions), ...Object.keys(channel_values)];
  const before = [...channelsOf(base?.head), ...channelsOf(present?.head), ...(present?.head.resting ?? [])];
  const changes: Changes = { set: new Map(), remove: [], resting: [] };
  for (const channel of new Set([...own, ...before])) {
    const isNew = Object.hasOwn(offered.newVersions, channel);
    if (!isNew && base !== undefined && isAsIn(base, channel, offered))
      takeOver(changes, channel, base, present);
    else if (Object.hasOwn(channel_values, channel) && (isNew || isCopied(offered)))
      changes.set.set(channelKey(channel), toStored(channel_values[channel]));
    else remove(changes, channel, present);
  }
  return changes;
}

function isAsIn({ head }: Base, channel: string, { checkpoint }: Offered): boolean {
  return head.checkpoint.channel_versions[channel] === checkpoint.channel_versions[channel];
}

/** It is as the checkpoint before has it, which may be as it is. */
function takeOver(changes: Changes, channel: string, base: Base, present: Base | undefined): void {
  const key = channelKey(channel);
  if (base.head !== present?.head) {
    if (channelsOf(base.head).includes(channel) && base.values.has(key))
      changes.set.set(key, base.values.get(key));
    else remove(changes, channel, present);
  } else if (base.head.resting?.includes(channel) === true) changes.resting.push(channel);
}

/** A snapshot of a channel that grows is the most of the next one, which is a small change as long as it is there. */
function remove({ remove: removed, resting }: Changes, channel: string, present: Base | undefined): void {
  const key = channelKey(channel);
  if (isStoredInstance(present?.values.get(key), "DeltaSnapshot")) resting.push(channel);
  else removed.push(key);
}

/**
 * Whether channels that are not named as changed are taken over although the checkpoint before has other versions of
 * them: a copy of a checkpoint is put behind the one before that, with nothing named.
 */
function isCopied({ metadata, parent }: Offered): boolean {
  return parent !== undefined || metadata.source === "fork";
}

function ownKeysOf(
  { checkpoint, metadata, parent }: Offered,
  { set, resting }: Changes,
  version: number,
): [string, unknown][] {
  const channels = Object.keys(checkpoint.channel_values).filter((channel) => set.has(channelKey(channel)));
  return storedRecord({ version, checkpoint, metadata, parent, channels, resting });
}

/** Names that the store protects in every context, and that a channel now has for the first time. */
function newNamesOf(ctx: ThreadContext, set: ReadonlyMap<string, unknown>): string[] {
  return ctx.protectedKeys.filter((key) => set.has(key) && !ctx.has(key));
}

function requireParent<Entry>({ parent, isParentLost }: Offered, entry: Entry | undefined): Entry {
  if (parent !== undefined && isParentLost !== true && entry === undefined) throw notFound(parent);
  // Where no parent is named, nobody asks for it.
  return entry as Entry;
}

function notFound(checkpoint: string): ContextError {
  return new ContextError("CHECKPOINT_NOT_FOUND", { checkpoint });
}
