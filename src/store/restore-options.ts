import type { WriteOptions } from "./write-options.js";

/** How a state is restored. */
export interface RestoreOptions extends WriteOptions {
  /** What is done about keys whose values of then were erased: `refuse` (default), or `keep` them as they are now. */
  readonly erased?: "refuse" | "keep";
}
