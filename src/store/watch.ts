import type { Mode, Waitable } from "../program/program.js";
import {
  type FoundEvent,
  lastPosition,
  readWatched,
  type WatchFilter,
  type WatchPage,
} from "../workflows/watch.js";
import { WatchReaders } from "../workflows/watch-readers.js";
import type { Live } from "../workflows/workplace.js";
import type { StoreCore } from "./store-core.js";
import type { WatchWish } from "./watch-query.js";
import { toWatchedEvent, type WatchedEvent } from "./watched-event.js";

/**
 * A watch under way. It reads the log a page at a time and keeps no more than that, whatever is written
 * meanwhile: a slow reader finds the rest in the log.
 */
export class Watch {
  /** All that fits was handed over, up to and including it; undefined until the engine has told where now is. */
  position: number | undefined;
  readonly #core: StoreCore<Mode>;
  readonly #filter: WatchFilter;
  readonly #rhythm: { readonly pollMs: number; readonly keepsAlive: boolean };
  readonly #signal: AbortSignal | undefined;
  readonly #readers: WatchReaders;
  readonly #start: Promise<number>;
  readonly #isFromPosition: boolean;
  #isClosed = false;
  #wake = (): void => undefined;

  constructor(
    core: StoreCore<Mode>,
    live: Live | undefined,
    { filter, from, signal, pollMs }: WatchWish,
    { keepsAlive }: { readonly keepsAlive: boolean },
  ) {
    this.#core = core;
    this.#filter = { ...filter, live };
    this.#readers = new WatchReaders(core.site.codec);
    this.#rhythm = { pollMs, keepsAlive };
    this.#signal = signal;
    this.#isFromPosition = typeof from === "number" && from > 0;
    const start = startOf(core, from);
    if (typeof start === "number") this.position = start;
    this.#start = Promise.resolve(start);
    // If there is no telling where now is, the first to ask for events learns why.
    this.#start.then(
      (position) => (this.position ??= position),
      () => undefined,
    );
  }

  readonly close = (): void => {
    this.#isClosed = true;
    this.#signal?.removeEventListener("abort", this.close);
    this.#wake();
  };

  /** Hands over one event after the other, and waits for those that are still to be written. */
  async *events(): AsyncGenerator<WatchedEvent, void, undefined> {
    this.#signal?.addEventListener("abort", this.close);
    try {
      const unheard: FoundEvent[] = [];
      // Who begins at the start, or now, takes the log as it is; from a position on, all that came after it is wanted.
      let floor = this.#isFromPosition ? 0 : undefined;
      for (let after = await this.#start; !this.#isOver();) {
        const page = await this.#read(after, floor);
        if (this.#isOver()) return;
        floor ??= page.floor;
        after = page.upTo;
        unheard.push(...page.events);
        for (const { event, isLastOfBatch } of ready(unheard, page)) {
          yield toWatchedEvent(event, isLastOfBatch, this.#core.site.codec);
          if (this.#isOver()) return;
        }
        if (unheard.length === 0) this.position = after;
        await (page.isEnd ? this.#news(page) : aTurn());
      }
    } catch (error) {
      // What closing the store did to a question that was under way is no failure of the watch.
      if (!this.#isOver()) throw error;
    } finally {
      this.close();
    }
  }

  #isOver(): boolean {
    return this.#isClosed || this.#core.isClosed || this.#signal?.aborted === true;
  }

  async #read(position: number, floor: number | undefined): Promise<WatchPage> {
    // Whoever asked may be in the midst of a batch, which no other transaction can interrupt.
    await Promise.resolve();
    const wanted = { position, floor, readers: this.#readers };
    return await this.#core.run(() => readWatched(this.#core.site, this.#filter, wanted));
  }

  #news({ upTo }: WatchPage): Promise<void> {
    const context = this.#filter.live?.context;
    return new Promise((wake) => {
      this.#wake = this.#core.news.wait({ context, upTo, ...this.#rhythm, wake });
    });
  }
}

function startOf(core: StoreCore<Mode>, from: WatchWish["from"]): Waitable<number> {
  if (from === "start") return 0;
  return from === "now" ? core.runAfterWrites(() => lastPosition(core.site)) : from;
}

/** Takes off what can be handed over: an event of a batch, once it is known whether another one follows. */
function* ready(
  unheard: FoundEvent[],
  { isEnd }: WatchPage,
): Generator<{ readonly event: FoundEvent; readonly isLastOfBatch: boolean }> {
  for (let event = unheard[0]; event !== undefined; event = unheard[0]) {
    const { batch } = event.record;
    if (batch !== null && unheard.length === 1 && !isEnd) return;
    unheard.shift();
    yield { event, isLastOfBatch: batch === null || unheard[0]?.record.batch !== batch };
  }
}

/** Lets others have their turn before the next of many pages. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
