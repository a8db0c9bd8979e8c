import { ContextError } from "../core/errors.js";
import { type Program, wait } from "../program/program.js";
import type { Site } from "./site.js";

/** What compacting did. */
export interface Compaction {
  /** How large the store is now. */
  readonly bytes: number;
  readonly freedBytes: number;
  /** False while a reader of an older state keeps the file from becoming shorter; then it does later, by itself. */
  readonly isComplete: boolean;
}

/** So many pages are given back at once: a few milliseconds, after which others may write. */
const pagesAtOnce = 256;

/**
 * Gives what the store does not use back to the medium, a piece at a time, so that nobody waits long for the lock.
 * @throws {ContextError} BATCH_UNSUPPORTED
 */
export function* compact(site: Site): Program<Compaction> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Compacting" });
  const release = (pages: number) => site.engine.write((log) => wait(log.releasePages(pages)));
  const first = yield* release(0);
  let before = first;
  let left = yield* release(pagesAtOnce);
  // Others may take pages meanwhile, or free more: it ends with the first piece that made nothing smaller.
  while (left.freeBytes > 0 && left.bytes < before.bytes) {
    before = left;
    left = yield* release(pagesAtOnce);
  }
  const isComplete = yield* wait(site.engine.scrub());
  return { bytes: left.bytes, freedBytes: Math.max(0, first.bytes - left.bytes), isComplete };
}
