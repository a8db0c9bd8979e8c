import type { Watch } from "./watch.js";
import type { WatchListener } from "./watch-query.js";

/**
 * Hands the events of a watch to a listener, one after the other. It does not keep the process running.
 */
export class Subscription {
  readonly #watch: Watch;
  readonly #done: Promise<void>;
  #isAskedFor = false;

  /** @internal */
  constructor(watch: Watch, listener: WatchListener) {
    this.#watch = watch;
    this.#done = handOver(watch, listener);
    this.#done.catch((error: unknown) => {
      if (!this.#isAskedFor) process.emitWarning(error instanceof Error ? error : String(error));
    });
  }

  /**
   * Where another watch goes on, as its `from`, without gap or repetition: behind the last event that the
   * listener is done with, or further if nothing that fits came after it. Undefined where an engine that
   * answers later has not told yet.
   */
  get position(): number | undefined {
    return this.#watch.position;
  }

  /**
   * Settles when the watch has ended and the listener has returned. It rejects with what the listener threw,
   * or with what kept the log from being read; if nobody has asked for this promise by then, Node warns.
   */
  get done(): Promise<void> {
    this.#isAskedFor = true;
    return this.#done;
  }

  /** Ends the watch; the listener is not called any more. */
  close(): void {
    this.#watch.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Ends the watch, and waits until the listener has returned. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#done.catch(() => undefined);
  }
}

async function handOver(watch: Watch, listener: WatchListener): Promise<void> {
  for await (const event of watch.events()) {
    await listener(event);
    watch.position = event.position;
  }
}
