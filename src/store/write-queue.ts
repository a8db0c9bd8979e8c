import { ContextError } from "../core/errors.js";

/**
 * Keeps the writes of one context in the order of their calls on an engine that answers later. When a write
 * fails, those that were queued behind it fail too, since they may rest on it; after that the queue is clean.
 */
export class WriteQueue {
  readonly #emptied: () => void;
  #tail: Promise<unknown> | undefined;

  constructor(emptied: () => void) {
    this.#emptied = emptied;
  }

  add<Result>(context: string, start: () => Promise<Result>): Promise<Result> {
    const before = this.#tail;
    const result =
      before === undefined
        ? start()
        : before.then(start, (cause: unknown) => {
            throw new ContextError("QUEUE_POISONED", { context }, { cause });
          });
    const settled = result.finally(() => {
      if (this.#tail !== settled) return;
      this.#tail = undefined;
      this.#emptied();
    });
    // A failure is the caller's to see, in the promise returned; this one only keeps the order.
    settled.catch(() => undefined);
    this.#tail = settled;
    return result;
  }

  /** Settles when all that is queued by now has; rejects where the last of it failed. */
  async end(): Promise<void> {
    await this.#tail;
  }

  /** Starts something once all that is queued by now has ended, well or not; at once where nothing is. */
  after<Result>(start: () => Promise<Result>): Promise<Result> {
    return this.#tail === undefined ? start() : this.#tail.then(start, start);
  }
}
