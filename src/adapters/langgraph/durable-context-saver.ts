import type { RunnableConfig } from "@langchain/core/runnables";
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
} from "@langchain/langgraph-checkpoint";
import { openStore, type SqliteStoreOptions, type Store } from "../../index.js";
import { entryOf } from "./checkpoint-record.js";
import { copyThread } from "./copy-thread.js";
import { deltaHistory } from "./delta-history.js";
import { listCheckpoints } from "./list-checkpoints.js";
import { configOf, contextIdOf, missing, placeOf, scopeOf } from "./place.js";
import { addWritesAt, putAt } from "./put-at.js";
import { newestCheckpoint, readCheckpoint } from "./read-checkpoint.js";
import { type ThreadContext, ThreadContexts } from "./thread-contexts.js";
import { pruneContext, type ThreadPruned, type ThreadPruneOptions } from "./prune-thread.js";
import { removeCheckpoints } from "./remove-checkpoints.js";
import { historyOf, type ThreadEvent } from "./thread-history.js";

/** How a saver opens a store of its own. */
export type SaverOptions = SqliteStoreOptions;

/**
 * Keeps the checkpoints of LangGraph's threads in a store. Each graph of a thread is a context, its channels are keys,
 * and each checkpoint is a version: only what changed of a channel is stored, and forks share their past.
 * @example const graph = builder.compile({ checkpointer: DurableContextSaver.open("runs.db") });
 */
export class DurableContextSaver extends BaseCheckpointSaver {
  readonly #store: Store;
  readonly #contexts: ThreadContexts;
  readonly #isOwner: boolean;

  /** Uses a store that may hold other contexts, too; closing the saver leaves it open. */
  constructor(store: Store, { isOwner = false }: { readonly isOwner?: boolean } = {}) {
    super();
    this.#store = store;
    this.#contexts = new ThreadContexts(store);
    this.#isOwner = isOwner;
  }

  /**
   * Opens a store in a file, making it if nothing of it exists; it is closed with the saver.
   * @throws {ContextError} what `openStore` throws
   */
  static open(path: string, options: SaverOptions = {}): DurableContextSaver {
    return new DurableContextSaver(openStore(path, options), { isOwner: true });
  }

  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    // What a graph is told stays.
    await this.#store.committed();
    const { thread, namespace = "", checkpoint } = scopeOf(config);
    if (thread === undefined) return undefined;
    const place = { thread, namespace };
    const ctx = this.#contexts.find(place);
    const id = ctx && (checkpoint ?? newestCheckpoint(ctx));
    return ctx === undefined || id === undefined ? undefined : readCheckpoint(ctx, place, id);
  }

  async *list(config: RunnableConfig, options?: CheckpointListOptions): AsyncGenerator<CheckpointTuple> {
    await this.#store.committed();
    yield* listCheckpoints(this.#contexts, scopeOf(config), options);
  }

  async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { checkpoint: parent, ...place } = placeOf(config);
    const offered = { checkpoint, metadata, newVersions, parent };
    putAt(this.#contexts, place, offered);
    await this.#store.committed();
    return configOf(place, checkpoint.id);
  }

  async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = "",
  ): Promise<void> {
    const { checkpoint, ...place } = placeOf(config);
    if (checkpoint === undefined) throw missing("checkpoint_id");
    const offered = { writes, task: taskId, path: taskPath };
    addWritesAt(this.#contexts, place, checkpoint, offered);
    await this.#store.committed();
  }

  /**
   * Deletes a thread: the contexts of all its graphs, with their values and all their history. Copies of it keep what
   * they share with it. The store keeps only that contexts of these ids were there, and when they went.
   */
  async deleteThread(threadId: string): Promise<void> {
    const places = this.#contexts.places({ thread: threadId, namespace: undefined });
    // The root is the first, and goes last: until then, whoever looks finds the thread.
    for (const place of [...places].reverse()) this.#store.delete(contextIdOf(place), { forks: "keep" });
    await this.#store.committed();
  }

  /**
   * Makes a thread that has all checkpoints of another one, and goes its own way from there. Nothing is copied but the
   * present keys: both share the history.
   * @throws {ContextError} CONTEXT_NOT_FOUND, CONTEXT_EXISTS where there is a thread of that id
   */
  async copyThread(threadId: string, copyId: string): Promise<void> {
    copyThread(this.#contexts, threadId, copyId);
    await this.#store.committed();
  }

  /**
   * Removes the checkpoints of runs, by the `run_id` in their metadata, in all threads or in one. Their values stay in
   * the history until it is pruned. Those from which others are put together stay.
   * @returns the ids of those that went
   */
  async deleteForRuns(
    runIds: readonly string[],
    { threadId }: { readonly threadId?: string } = {},
  ): Promise<readonly string[]> {
    const runs = new Set<unknown>(runIds);
    const removed: string[] = [];
    for (const place of this.#contexts.places({ thread: threadId, namespace: undefined })) {
      const ctx = this.#contexts.find(place);
      if (ctx === undefined) continue;
      const isOfRun = (id: string) => runs.has(runOf(ctx, id));
      removed.push(...removeCheckpoints(ctx, isOfRun).removed);
    }
    await this.#store.committed();
    return removed;
  }

  /**
   * Keeps the newest checkpoints of each graph of a thread, or of all threads, and moves the history before the oldest
   * one that stays to an archive. What waits for an answer stays, and what later checkpoints are put together from.
   * @throws {ContextError} OPTION_INVALID, EXPORT_UNWRITABLE
   */
  async prune(
    threadId: string | undefined,
    options: ThreadPruneOptions = {},
  ): Promise<readonly ThreadPruned[]> {
    const pruned: ThreadPruned[] = [];
    for (const place of this.#contexts.places({ thread: threadId, namespace: undefined })) {
      const ctx = this.#contexts.find(place);
      if (ctx !== undefined) pruned.push({ ...place, ...pruneContext(this.#contexts, ctx, options) });
    }
    await this.#store.committed();
    return pruned;
  }

  /**
   * What happened to a thread, oldest first: every checkpoint and every write of a task, with the event that keeps it.
   * It is read as the reader goes on.
   * @example for (const { kind, checkpoint, event } of saver.history("t1")) console.log(event.at, kind, checkpoint);
   */
  *history(threadId: string, namespace = ""): Generator<ThreadEvent> {
    const ctx = this.#contexts.find({ thread: threadId, namespace });
    if (ctx !== undefined) yield* historyOf(ctx);
  }

  /**
   * The id of the context that a graph of a thread is: `store.find(id)` has its channels as keys, and each checkpoint
   * as a version, for all that contexts can do.
   */
  contextId(threadId: string, namespace = ""): string {
    return contextIdOf({ thread: threadId, namespace });
  }

  /** The version of the context at which a checkpoint lies, for `ctx.at`, `ctx.diff` and the like. */
  versionOf(config: RunnableConfig): number | undefined {
    const { checkpoint, ...place } = placeOf(config);
    const ctx = this.#contexts.find(place);
    const id = ctx && (checkpoint ?? newestCheckpoint(ctx));
    return ctx === undefined || id === undefined ? undefined : entryOf(ctx, id)?.version;
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig;
    channels: string[];
  }): Promise<Record<string, DeltaChannelHistory>> {
    await this.#store.committed();
    const { checkpoint, ...place } = placeOf(options.config);
    const ctx = this.#contexts.find(place);
    const id = ctx && (checkpoint ?? newestCheckpoint(ctx));
    if (ctx === undefined || id === undefined)
      return Object.fromEntries(options.channels.map((channel) => [channel, { writes: [] }]));
    return deltaHistory(ctx, id, options.channels);
  }

  /** Closes what the saver opened; a store that was handed to it stays open. */
  close(): void {
    this.#contexts.close();
    if (this.#isOwner) this.#store.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function runOf(ctx: ThreadContext, id: string): unknown {
  const metadata: object = entryOf(ctx, id)?.metadata ?? {};
  return "run_id" in metadata ? metadata.run_id : undefined;
}
