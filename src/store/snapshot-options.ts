import type { WriteOptions } from "./write-options.js";

/** What may be said beside taking a snapshot. */
export interface SnapshotOptions extends WriteOptions {
  /** Whatever is to be known of it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Keeps it listed until it is unpinned; default false. */
  readonly pin?: boolean;
}
