import {
  type CheckpointPendingWrite,
  compareWritesSortKeys,
  type PendingWrite,
  WRITES_IDX_MAP,
  writesSortKey,
} from "@langchain/langgraph-checkpoint";
import { entryOf, newestVersion } from "./checkpoint-record.js";
import { decided } from "./decided.js";
import { checkpointIdsOf, writesKey } from "./own-keys.js";
import { fromStored, toStored } from "./stored.js";
import type { ThreadContext } from "./thread-contexts.js";

/** What one task writes. */
export interface TaskWrites {
  readonly writes: readonly PendingWrite[];
  readonly task: string;
  readonly path: string;
  /** The numbers that another saver gave them, in place of their positions. */
  readonly numbers?: readonly number[];
}

/** A number and what is written. Special writes have one below zero, so that a task has one of each kind at most. */
type StoredWrite = readonly [index: number, channel: string, value: unknown];

/** What tasks have written, as it is stored; a task that wrote under several paths stands there several times. */
interface StoredTask {
  readonly task: string;
  readonly path?: string;
  readonly writes: readonly StoredWrite[];
}

/** What a context begins with that is first heard of by writes to a checkpoint; the checkpoint may come later. */
export function firstWrites(checkpoint: string, offered: TaskWrites): Record<string, unknown> {
  return { [writesKey(checkpoint)]: withWrites([], offered) };
}

/**
 * Adds writes to those that are pending on a checkpoint. What a task wrote before stays as it is, but special writes
 * alone replace.
 */
export function addWrites(ctx: ThreadContext, checkpoint: string, offered: TaskWrites): void {
  decided(ctx, (expectedVersion) => {
    const tasks = withWrites(storedTasks(ctx, checkpoint, undefined), offered);
    ctx.set(writesKey(checkpoint), tasks, { expectedVersion });
  });
}

/** The writes that are pending on a checkpoint, in the order in which its tasks are applied. */
export function pendingWritesOf(
  ctx: ThreadContext,
  checkpoint: string,
  followers?: Followers,
): CheckpointPendingWrite[] {
  return storedTasks(ctx, checkpoint, followers)
    .flatMap(({ task, path = "", writes }) =>
      writes.map(([index, channel, value]) => ({ order: writesSortKey(path, task, index), channel, value })),
    )
    .sort((one, other) => compareWritesSortKeys(one.order, other.order))
    .map(({ order: [, task], channel, value }) => [task, channel, fromStored(value)]);
}

/** As they are, or were when the next checkpoint came. */
function storedTasks(
  ctx: ThreadContext,
  checkpoint: string,
  followers: Followers | undefined,
): readonly StoredTask[] {
  const key = writesKey(checkpoint);
  const present = ctx.get(key) ?? (isFollowed(ctx, checkpoint) ? lastWrites(ctx, checkpoint, followers) : []);
  // What this file wrote.
  return present as readonly StoredTask[];
}

/** Whether a checkpoint may have had writes that went when others were put behind it. */
function isFollowed(ctx: ThreadContext, checkpoint: string): boolean {
  const entry = entryOf(ctx, checkpoint);
  return entry !== undefined && entry.version !== newestVersion(ctx);
}

/** The versions of the checkpoints that were put behind each, newest first. */
export type Followers = ReadonlyMap<string, readonly number[]>;

/** Finds which checkpoints follow which. */
export function followersIn(ctx: ThreadContext): Followers {
  const followers = new Map<string, number[]>();
  for (const id of checkpointIdsOf(ctx.keys())) {
    const { parent, version } = entryOf(ctx, id) ?? {};
    if (parent === undefined || version === undefined) continue;
    const others = followers.get(parent);
    if (others === undefined) followers.set(parent, [version]);
    else others.push(version);
  }
  for (const versions of followers.values()) versions.sort((one, other) => other - one);
  return followers;
}

/** The writes that a checkpoint had before the last one was put behind it that found any. */
function lastWrites(ctx: ThreadContext, checkpoint: string, known: Followers | undefined): unknown {
  const key = writesKey(checkpoint);
  const own = entryOf(ctx, checkpoint)?.version ?? 0;
  const followers = (known ?? followersIn(ctx)).get(checkpoint)?.filter((version) => version > own) ?? [];
  for (const version of followers) {
    const value = ctx.at(version - 1, { keys: [key] }).get(key);
    if (value !== undefined) return value;
  }
  // What followed may have been removed since, or the checkpoint put once more.
  return followers.length === 0 ? lastRecorded(ctx, key) : [];
}

function lastRecorded(ctx: ThreadContext, key: string): unknown {
  for (const { effects } of ctx.history({ key, order: "newest", limit: 2 })) {
    const effect = effects.find((candidate) => candidate.key === key && candidate.op === "set");
    if (effect !== undefined) return effect.value;
  }
  return [];
}

function withWrites(
  present: readonly StoredTask[],
  { writes, task, path, numbers }: TaskWrites,
): StoredTask[] {
  const numbered = writes.map(([channel, value], position): StoredWrite => [
    numbers?.[position] ?? indexOf(channel, position),
    channel,
    toStored(value),
  ]);
  const isSpecial = writes.every(([channel]) => Object.hasOwn(WRITES_IDX_MAP, channel));
  const mine = new Set(numbered.map(([index]) => index));
  const known = new Set(
    present.filter((other) => other.task === task).flatMap((other) => other.writes.map(([index]) => index)),
  );
  const kept = present.map((other) =>
    isSpecial && other.task === task
      ? { ...other, writes: other.writes.filter(([index]) => !mine.has(index)) }
      : other,
  );
  const added = isSpecial ? numbered : numbered.filter(([index]) => !known.has(index));
  const own = { task, ...(path === "" ? {} : { path }), writes: added };
  return [...kept, own].filter((other) => other.writes.length > 0);
}

function indexOf(channel: string, position: number): number {
  return Object.hasOwn(WRITES_IDX_MAP, channel) ? (WRITES_IDX_MAP[channel] ?? position) : position;
}
