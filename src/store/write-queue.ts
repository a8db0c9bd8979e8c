import { ContextError } from "../core/errors.js";

/**
 * Keeps the writes of one context in the order of their calls on an engine that answers later. When a write
 * fails, those that were queued behind it fail too, since they may rest on it; after that the queue is clean.
 */
export class WriteQueue {
  #tail: Promise<unknown> | undefined;

  add<Result>(context: string, start: () => Promise<Result>): Promise<Result> {
    const before = this.#tail;
    const result =
      before === undefined
        ? start()
        : before.then(start, (cause: unknown) => {
            throw new ContextError("QUEUE_POISONED", { context }, { cause });
          });
    const settled = result.finally(() => {
      if (this.#tail === settled) this.#tail = undefined;
    });
    // A failure is the caller's to see, in the promise returned; this one only keeps the order.
    settled.catch(() => undefined);
    this.#tail = settled;
    return result;
  }

  /** Starts something once all that is queued by now has ended, well or not; at once where nothing is. */
  after<Result>(start: () => Promise<Result>): Promise<Result> {
    return this.#tail === undefined ? start() : this.#tail.then(start, start);
  }
}
