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
}
