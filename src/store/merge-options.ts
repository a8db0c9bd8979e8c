import type { Address } from "./point.js";
import type { WriteOptions } from "./write-options.js";

/** What may be said beside a merge. */
export interface MergeOptions extends WriteOptions {
  /** Goes before every key; for the strategy `prefixed`. */
  readonly prefix?: string;
  /** The state that both sides started from; for the strategy `threeWay`. */
  readonly base?: Address;
}
