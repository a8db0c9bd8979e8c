import type { Mode, Returns } from "../program/program.js";
import { compact, type Compaction } from "../workflows/compact.js";
import { type StoreStats, storeStats } from "../workflows/stats.js";
import type { StoreCore } from "./store-core.js";

/** How a store is looked after, whatever is in it. */
export class StoreUpkeep<M extends Mode> {
  readonly #core: StoreCore<M>;

  /** @internal */
  constructor(core: StoreCore<M>) {
    this.#core = core;
  }

  /**
   * How large the store is, and what makes it so: by kind of page, context, type and age of events, and what pruning
   * would free. Looks at all pages, all events (not into them) and the present keys of each context, one context
   * after another: seconds for a store of gigabytes.
   */
  stats(): Returns<M, StoreStats> {
    return this.#core.runAfterWrites(() => storeStats(this.#core.site));
  }

  /**
   * Gives what the store does not use back to the disk: pages that deletions and erasures left, and that it would
   * use again by itself. Goes in small pieces, between which others may write.
   * @throws {ContextError} BATCH_UNSUPPORTED
   */
  compact(): Returns<M, Compaction> {
    return this.#core.runAfterWrites(() => compact(this.#core.site));
  }

  /**
   * Resolves when all that was written until now is on the disk. That is so already with durability `full`; with
   * `grouped` it is waited for, and many who wait share one flush; with `normal` this flushes.
   * @throws {ContextError} OUTCOME_UNKNOWN, WRITES_LOST, BATCH_UNSUPPORTED
   */
  durable(): Promise<void> {
    return this.#core.durable();
  }

  /**
   * Resolves when all that was written until now is committed: at once, but with durability `grouped`. Unlike
   * {@link durable}, it makes nothing safer than the store's durability has it.
   * @throws {ContextError} STORE_CLOSED, OUTCOME_UNKNOWN, WRITES_LOST
   */
  async committed(): Promise<void> {
    this.#core.requireOpen();
    await this.#core.committed();
  }
}
