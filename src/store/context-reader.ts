import { ContextError } from "../core/errors.js";
import { sharedSnapshots, type Snapshot } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import type { Held } from "../core/value/codec.js";
import type { PhaseListing, PhaseStatus } from "../engines/engine.js";
import { type Mode, type Program, type Returns, wait } from "../program/program.js";
import { thisContext } from "../workflows/export-contexts.js";
import { refresh } from "../workflows/history.js";
import { withContext } from "../workflows/read-past.js";
import { contextStats, type ContextStats } from "../workflows/stats.js";
import { type Live, nameOf } from "../workflows/workplace.js";
import { ContextHandle } from "./context-handle.js";
import type { Frozen } from "./frozen.js";
import { type HeldState, heldState, type StateHolder } from "./held-state.js";
import { checkObject, checkText } from "./check-option.js";
import { type Saved, saveContexts } from "./save.js";
import { startWatch } from "./start-watch.js";
import { type Page, type ReadPage, type Stream, streamOf } from "./stream.js";
import type { Subscription } from "./subscription.js";
import type { WatchListener, WatchQuery } from "./watch-query.js";
import type { Watcher } from "./watcher.js";

/** What a context tells of its present, which is read from memory, and of what it keeps beside its keys. */
export class ContextReader<Values extends object, M extends Mode>
  extends ContextHandle<M>
  implements StateHolder
{
  /** The context's id. */
  get id(): string {
    return nameOf(this.state);
  }

  /** Counts the changes of the persistent state; 0 at creation. */
  get version(): number {
    return this.state.version;
  }

  /** The number of the newest event known. */
  get sequence(): number {
    return this.state.sequence;
  }

  /** The persistent keys with their values, frozen, as they are now. */
  get persistent(): Frozen<Partial<Values>> {
    return this.#record("persistent") as Frozen<Partial<Values>>;
  }

  /** The ephemeral keys with their values, frozen, as they are now. */
  get ephemeral(): Readonly<Record<string, unknown>> {
    return this.#record("ephemeral");
  }

  /** What was said of the context itself. */
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#record("metadata");
  }

  /** The names that are protected, with a value or without. */
  get protectedKeys(): readonly string[] {
    return Object.freeze([...this.state.scopes.protection.keys()].sort());
  }

  /** The value of a key, persistent before ephemeral; the fallback where there is none. A stored null is a value. */
  get<Key extends keyof Values & string>(key: Key): Frozen<Values[Key]> | undefined;
  get<Key extends keyof Values & string, Fallback>(
    key: Key,
    fallback: Fallback,
  ): Frozen<Values[Key]> | Fallback;
  get(key: string, fallback?: unknown): unknown {
    const held = this.held(key);
    return held === undefined ? fallback : this.core.site.codec.share(held);
  }

  /** Whether a key has a value in either scope. */
  has(key: string): boolean {
    return this.held(key) !== undefined;
  }

  /** All keys that have a value: persistent ones first, each scope in order of creation. */
  keys(): string[] {
    const { persistent, ephemeral } = this.state.scopes;
    return [...persistent.keys(), ...[...ephemeral.keys()].filter((key) => !persistent.has(key))];
  }

  /** A deep copy that may be changed: of one key's value, or of everything. */
  clone(): Values;
  clone<Key extends keyof Values & string>(key: Key): Values[Key] | undefined;
  clone(key?: string): unknown {
    const thaw = (held: Held | undefined) =>
      held === undefined ? undefined : this.core.site.codec.thaw(held);
    if (key !== undefined) return thaw(this.held(key));
    return Object.fromEntries(this.keys().map((name) => [name, thaw(this.held(name))]));
  }

  /** Takes in what other processes have written since. */
  refresh(): Returns<M, void> {
    return this.ask((live) => refresh(this.core.site, live));
  }

  /**
   * The context's own events from now on, or from a position on, as they are committed by any process:
   * to be iterated, or handed to a listener.
   * @example for await (const event of ctx.watch({ key: "plan*" })) console.log(event.type, event.at);
   * @throws {ContextError} OPTION_INVALID, STORE_CLOSED, CONTEXT_DELETED (also later, when it is deleted)
   */
  watch(query?: WatchQuery): Watcher;
  watch(query: WatchQuery, listener: WatchListener): Subscription;
  watch(query: WatchQuery = {}, listener?: WatchListener): Watcher | Subscription {
    const { core, live } = this;
    if (live.isDeleted) throw new ContextError("CONTEXT_DELETED", { context: this.id });
    return startWatch(core, live, query, listener);
  }

  /** The snapshots the context keeps, oldest first. */
  snapshots(): readonly Snapshot[] {
    return sharedSnapshots(this.state, this.core.site.codec);
  }

  /** The runs of phases, in the order they began. */
  phases(filter: { status?: PhaseStatus } = {}): Returns<M, readonly PhaseListing[]> {
    const { site } = this.core;
    return this.ask((live) => {
      const { status } = checkObject("filter", filter);
      checkText("status", status);
      return withContext(site, live, (log) => wait(log.phases(live.context, status)));
    });
  }

  /**
   * How large the context is, key by key, how much was ever written, of which type and when, and what pruning would
   * free. Reads all its events once, in the engine.
   */
  stats(): Returns<M, ContextStats> {
    return this.ask((live) => contextStats(this.core.site, live));
  }

  /**
   * Saves the context, with all its history, to a file that `store.load` reads.
   * @throws {ContextError} EXPORT_UNWRITABLE, BATCH_UNSUPPORTED
   */
  save(file: string): Returns<M, Saved> {
    return this.ask((live) => saveContexts(this.core.site, file, thisContext(this.core.site, live)));
  }

  /** What JSON.stringify sees: the keys and values, as in `ctx.data`. */
  toJSON(): object {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key as keyof Values & string)]));
  }

  /** What console.log shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): unknown {
    return { id: this.id, version: this.version, data: this.toJSON() };
  }

  /** @internal */
  get [heldState](): HeldState {
    return { values: this.state.scopes.persistent.entries(), codec: this.core.site.codec };
  }

  /** The present state; inside a batch, as the batch has made it so far. */
  protected get state(): State {
    return this.stateOf(this.live);
  }

  /** The same for work in hand, which closing the handle or the store waits for. */
  protected stateOf(live: Live): State {
    return this.core.site.unit?.stateOf(live) ?? live.state;
  }

  protected held(key: string, { scopes }: State = this.state): Held | undefined {
    return scopes.persistent.get(key) ?? scopes.ephemeral.get(key);
  }

  /** Makes a stream of what a program reads page by page; see {@link streamOf}. */
  protected stream<Item, Cursor>(begin: () => ReadPage<Item, Cursor>): Stream<M, Item> {
    const ask = (program: (live: Live) => Program<Page<Item, Cursor>>) => this.ask(program);
    const requireOpen = () => this.live;
    return streamOf({ mode: this.core.engine.mode, ask, requireOpen }, begin);
  }

  #record(scope: "persistent" | "ephemeral" | "metadata"): Readonly<Record<string, unknown>> {
    const { codec } = this.core.site;
    const entries = [...this.state.scopes[scope].entries()];
    return Object.freeze(Object.fromEntries(entries.map(([key, held]) => [key, codec.share(held)])));
  }
}
