import type { Address } from "./point.js";
import type { Attribution } from "./attribution.js";

/** How a context is forked. */
export interface ForkOptions extends Attribution {
  /** Where the fork starts; the present state unless said otherwise. */
  readonly at?: Address;
  /** What is said of the fork where its parent's metadata do not fit; `undefined` removes one. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
