import { ContextError } from "../core/errors.js";
import { checkId } from "../core/names.js";
import type { Schemas, ValuesOf } from "../core/schema.js";
import type { Backup, QueryResult } from "../engines/engine.js";
import { type Mode, type Program, type Returns, wait } from "../program/program.js";
import { allContexts, namedContexts } from "../workflows/export-contexts.js";
import { deleteContext, type ForksRule } from "../workflows/manage.js";
import { findContext, openContext } from "../workflows/open-context.js";
import { prune, type Pruned } from "../workflows/prune/prune.js";
import { rebuild, type RebuildReport } from "../workflows/rebuild.js";
import type { Verification } from "../workflows/verify.js";
import type { StoreWarning } from "../workflows/workplace.js";
import { backUp } from "./backup.js";
import { Context } from "./context.js";
import { type ContextInfo, type ContextQuery, listInfos } from "./context-info.js";
import { type ContextOptions, reportUnfit, takeBeginnings, takenNow } from "./context-options.js";
import { checkChoice, checkObject, checkWhole, takeTexts } from "./check-option.js";
import { Intake } from "./intake.js";
import { loadContexts } from "./load.js";
import { type Saved, saveContexts } from "./save.js";
import { type PruneOptions, takePruning } from "./prune-options.js";
import { startWatch } from "./start-watch.js";
import { type SearchHit, searchStore, type StoreSearchQuery, takeSearch } from "./search.js";
import type { StoreCore } from "./store-core.js";
import { StoreImports } from "./store-imports.js";
import { type VerifyOptions, verifyStore } from "./verify-options.js";
import type { Subscription } from "./subscription.js";
import type { StoreWatchQuery, WatchListener } from "./watch-query.js";
import type { Watcher } from "./watcher.js";
import type { Attribution } from "./attribution.js";
import { originOf } from "./write-options.js";

/** How a context is deleted. */
export interface DeleteOptions extends Attribution {
  /** What is done where forks need its history: `refuse` (default), or `keep` what they need and no more. */
  readonly forks?: ForksRule;
}

/** One database that holds many contexts. */
export class Store<M extends Mode = "sync"> extends StoreImports<M> {
  readonly #core: StoreCore<M>;

  /** @internal */
  constructor(core: StoreCore<M>) {
    super(core);
    this.#core = core;
  }

  /** Where the store is. */
  get location(): string {
    return this.#core.engine.location;
  }

  /**
   * Opens the context of an id, creating it if it is new; `initial`, `protect`, `metadata` and `limits` are
   * for a new one only. With `schema`, keys are typed and every written value is checked.
   * @throws {ContextError} ID_INVALID, and what writing the initial values throws
   */
  context<S extends Schemas>(
    id: string,
    options: ContextOptions<NoInfer<ValuesOf<S>>> & { readonly schema: S },
  ): Returns<M, Context<ValuesOf<S>, M>>;
  context<Values extends object = Record<string, unknown>>(
    id: string,
    options?: ContextOptions<NoInfer<Values>>,
  ): Returns<M, Context<Values, M>>;
  context(id: string, options: ContextOptions<Record<string, unknown>> & { schema?: Schemas } = {}): unknown {
    return this.#core.run(() => this.#open(checkId(id), checkObject("options", options)));
  }

  /** The context of an id, or undefined; it creates nothing. */
  find<Values extends object = Record<string, unknown>>(
    id: string,
  ): Returns<M, Context<Values, M> | undefined> {
    return this.#core.run(() => this.#find<Values>(checkId(id)));
  }

  /** Lists contexts in order of their ids; all that fit unless limited. */
  contexts(query: ContextQuery = {}): Returns<M, readonly ContextInfo[]> {
    return this.#core.runAfterWrites(() => listInfos(this.#core.site, query));
  }

  /**
   * Deletes a context with all its events; tells whether there was one. The store's own stream keeps the fact.
   * A context that was forked is not deleted, unless with `forks: "keep"`: the events that its forks need stay.
   * @throws {ContextError} CONTEXT_HAS_FORKS
   */
  delete(id: string, options: DeleteOptions = {}): Returns<M, boolean> {
    return this.#core.runAfterWrites(() => {
      const { forks = "refuse" } = checkObject("options", options);
      checkChoice("forks", forks, ["refuse", "keep"]);
      return deleteContext(this.#core.site, checkId(id), forks, originOf(options, this.#core.attribution));
    });
  }

  /**
   * Saves contexts, with all their history, to a file that replaces an older one whole; all contexts unless named.
   * @throws {ContextError} CONTEXT_NOT_FOUND, EXPORT_UNWRITABLE, BATCH_UNSUPPORTED
   */
  save(file: string, ids?: string | readonly string[]): Returns<M, Saved> {
    const select =
      ids === undefined
        ? allContexts
        : namedContexts(takeTexts("ids", typeof ids === "string" ? [ids] : ids).map((id) => checkId(id)));
    return this.#core.runAfterWrites(() => saveContexts(this.#core.site, file, select));
  }

  /**
   * Loads contexts from a file that `save` wrote: all of them, with versions, snapshots and hashes, or none.
   * @returns the ids of the contexts
   * @throws {ContextError} EXPORT_NOT_FOUND, EXPORT_INVALID, EXPORT_NEWER, CONTEXT_EXISTS
   */
  load(file: string, options: Attribution = {}): Returns<M, readonly string[]> {
    return this.#core.run(() =>
      loadContexts(this.#core.site, file, originOf(options, this.#core.attribution)),
    );
  }

  /**
   * Copies the whole store, as it is at one moment, to a new file that is a store by itself, checked and on
   * the disk. Other processes may write meanwhile; this one waits.
   * @throws {ContextError} BACKUP_EXISTS, BACKUP_UNSOUND, EXPORT_UNWRITABLE, BATCH_UNSUPPORTED, NOT_SUPPORTED
   */
  backup(file: string): Returns<M, Backup> {
    return this.#core.runAfterWrites(() => backUp(this.#core.site, file));
  }

  /**
   * Asks a question in SQL, on a connection that cannot write. Integers beyond 2^53 come as bigint.
   * @throws {ContextError} QUERY_FAILED, NOT_SUPPORTED
   */
  query(sql: string, parameters: readonly unknown[] = []): Returns<M, QueryResult> {
    return this.#core.runAfterWrites(() => this.#query(sql, parameters));
  }

  /**
   * Does what `ctx.prune` does with every context, and tells of those from which something went, or would go. A
   * context that has no such point stays as it is.
   * @throws {ContextError} OPTION_INVALID, EXPORT_UNWRITABLE, BATCH_UNSUPPORTED
   */
  prune(options: PruneOptions): Returns<M, readonly Pruned[]> {
    const { site, attribution } = this.#core;
    return this.#core.runAfterWrites(() => {
      const request = { ...takePruning(site, options), isLenient: true };
      return prune(site, allContexts, request, originOf(options, attribution));
    });
  }

  /** Drops every projection and makes it again from the events; tells what had been different. */
  rebuild(): Returns<M, RebuildReport> {
    return this.#core.runAfterWrites(() => rebuild(this.#core.site));
  }

  /**
   * Checks the file, the chain of hashes of every context, and every derived row against what the events say;
   * tells each damaged context with its first bad event. It changes nothing, unless told to `repair`.
   * @throws {ContextError} OPTION_INVALID
   */
  verify(options: VerifyOptions = {}): Returns<M, Verification> {
    return this.#core.runAfterWrites(() => verifyStore(this.#core.site, checkObject("options", options)));
  }

  /**
   * Does what `ctx.search` does in every context, in order of their ids. What a fork shares with its parent is
   * found in the parent's history only.
   * @throws {ContextError} OPTION_INVALID
   */
  search(pattern: string | RegExp, query: StoreSearchQuery = {}): Returns<M, readonly SearchHit[]> {
    return this.#core.runAfterWrites(() => {
      const search = takeSearch(pattern, query);
      return searchStore(this.#core.site, query.id, search);
    });
  }

  /**
   * The events of all contexts from now on, or from a position on, as they are committed by any process: to
   * be iterated, or handed to a listener. The store's own events, which have no context, come too.
   * @example for await (const event of store.watch({ context: "run-*" })) console.log(event.context, event.type);
   * @throws {ContextError} OPTION_INVALID, STORE_CLOSED
   */
  watch(query?: StoreWatchQuery): Watcher;
  watch(query: StoreWatchQuery, listener: WatchListener): Subscription;
  watch(query: StoreWatchQuery = {}, listener?: WatchListener): Watcher | Subscription {
    this.#core.requireOpen();
    return startWatch(this.#core, undefined, query, listener);
  }

  /** Listens to warnings: limits that were passed, stored values that no longer fit their schema. */
  onWarning(listener: (warning: StoreWarning) => void): () => void {
    this.#core.requireOpen();
    this.#core.listeners.add(listener);
    return () => this.#core.listeners.delete(listener);
  }

  /** Closes the store, after what is under way; idempotent. Whatever is used afterwards says STORE_CLOSED. */
  close(): Returns<M, void> {
    const core = this.#core;
    if (core.site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Closing" });
    return core.close();
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  *#open(
    id: string,
    options: ContextOptions<Record<string, unknown>> & { schema?: Schemas },
  ): Program<Context<Record<string, unknown>, M>> {
    const { site, attribution } = this.#core;
    const intake = new Intake(site.codec, options.schema ?? {});
    checkWhole("autoSnapshot", options.autoSnapshot);
    const take = () => takeBeginnings(options, intake, site.codec);
    // Where the engine answers later, the caller may have changed what it gave by then.
    const begin = site.engine.mode === "sync" ? take : takenNow(take);
    const found = yield* openContext(site, id, begin, originOf(options, attribution));
    const live = site.lives.find(found.context) ?? found;
    if (options.autoSnapshot !== undefined) live.autoSnapshot = options.autoSnapshot;
    reportUnfit(site, live, options.schema ?? {}, intake);
    return new Context(this.#core, live, intake);
  }

  *#find<Values extends object>(id: string): Program<Context<Values, M> | undefined> {
    const live = yield* findContext(this.#core.site, id);
    if (live === undefined) return undefined;
    return new Context<Values, M>(this.#core, live, new Intake(this.#core.site.codec, {}));
  }

  *#query(sql: string, parameters: readonly unknown[]): Program<QueryResult> {
    return yield* wait(this.#core.engine.query(sql, parameters));
  }
}
