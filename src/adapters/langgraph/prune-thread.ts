import type { FamilyTree, PrunedArchive } from "../../index.js";
import { entryOf } from "./checkpoint-record.js";
import { checkpointIdsOf, writesKey } from "./own-keys.js";
import { removeCheckpoints } from "./remove-checkpoints.js";
import type { ThreadContext, ThreadContexts } from "./thread-contexts.js";

/** What is kept of threads, and where the rest goes. */
export interface ThreadPruneOptions {
  /** So many of the newest checkpoints of each graph stay. Default: 1. */
  readonly keep?: number;
  /** Only checkpoints of before go. */
  readonly before?: Date;
  /** The folder of the archives; `false` throws away what goes. Default: the store's file name with `.archive`. */
  readonly archive?: string | false;
}

/** What pruning took away. */
export interface ThreadPruned {
  readonly thread: string;
  readonly namespace: string;
  /** The ids of the checkpoints that went. */
  readonly removed: readonly string[];
  /** How many events went from the history. */
  readonly events: number;
  /** Where they can be read; undefined where none went, or no archive was wanted. */
  readonly archive: PrunedArchive | undefined;
}

/**
 * Removes old checkpoints, and the history before the oldest one that stays, here or in a copy. Those that wait for an
 * answer stay, and those that a channel which stores its changes alone is put together from.
 */
export function pruneContext(
  contexts: ThreadContexts,
  ctx: ThreadContext,
  { keep = 1, before, archive }: ThreadPruneOptions,
): Omit<ThreadPruned, "thread" | "namespace"> {
  const { removed } = removeCheckpoints(ctx, (id, index) => {
    if (index < keep || ctx.has(writesKey(id))) return false;
    return before === undefined || isBefore(ctx, id, before);
  });
  const oldest = oldestVersion([ctx, ...relativesOf(contexts, ctx)]);
  if (oldest === undefined) return { removed, events: 0, archive: undefined };
  const point = { before: { version: oldest } };
  const pruned = ctx.prune(archive === undefined ? point : { ...point, archive });
  return { removed, events: pruned.events, archive: pruned.archive };
}

/** The oldest version that has a checkpoint of any of these contexts, which share their versions. */
function oldestVersion(family: readonly ThreadContext[]): number | undefined {
  const versions = family.flatMap((ctx) =>
    checkpointIdsOf(ctx.keys()).flatMap((id) => entryOf(ctx, id)?.version ?? []),
  );
  return versions.length === 0 ? undefined : Math.min(...versions);
}

/** The contexts of copies, and of what this one was copied from: they read what lies in the history of each other. */
function relativesOf(contexts: ThreadContexts, ctx: ThreadContext): readonly ThreadContext[] {
  const all = (tree: FamilyTree): readonly FamilyTree[] => [tree, ...tree.forks.flatMap(all)];
  const ids = all(ctx.lineage().family).flatMap(({ id }) => (id === undefined || id === ctx.id ? [] : [id]));
  return ids.flatMap((id) => contexts.named(id) ?? []);
}

function isBefore(ctx: ThreadContext, id: string, time: Date): boolean {
  const made = Date.parse(entryOf(ctx, id)?.ts ?? "");
  return made < time.getTime();
}
