import type { Watch } from "./watch.js";
import type { WatchedEvent } from "./watched-event.js";

/**
 * Gives the events of a watch to whoever asks for the next one, and keeps the process running while they
 * wait. It is done when it, or the store, is closed.
 * @example for await (const event of ctx.watch()) console.log(event.type);
 */
export class Watcher implements AsyncIterable<WatchedEvent> {
  readonly #watch: Watch;
  readonly #events: AsyncGenerator<WatchedEvent, void, undefined>;

  /** @internal */
  constructor(watch: Watch) {
    this.#watch = watch;
    this.#events = watch.events();
  }

  /**
   * Where another watch goes on, as its `from`, without gap or repetition: behind the last event given, or
   * further if nothing that fits came after it. Undefined where an engine that answers later has not told yet.
   */
  get position(): number | undefined {
    return this.#watch.position;
  }

  /**
   * The next event, once there is one.
   * @throws {ContextError} CONTEXT_DELETED, EVENT_UNREADABLE, CLASS_UNKNOWN; the watch has ended then
   */
  async next(): Promise<IteratorResult<WatchedEvent, void>> {
    const step = await this.#events.next();
    if (step.done !== true) this.#watch.position = step.value.position;
    return step;
  }

  /** Ends the watch; whoever waits for the next event is told that there is none. */
  close(): void {
    this.#watch.close();
  }

  /** Ends the watch, as leaving a loop does. */
  async return(): Promise<IteratorResult<WatchedEvent, void>> {
    this.close();
    return this.#events.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
