import type { Engine } from "../engines/engine.js";
import { type LogLook, lookAtLog } from "../workflows/log-look.js";
import { PollTimer, type Rhythm } from "./poll-timer.js";

/** Somebody who waits until there may be more in the log. */
export interface Waiting extends Rhythm {
  /** Whose events are waited for; undefined for all of them. */
  readonly context: number | undefined;
  /** The log is known up to this position. */
  readonly upTo: number;
  /** Called once. */
  readonly wake: () => void;
}

/**
 * Tells who waits that there may be more in the log: of this store's commits at once, of those of other
 * handles and processes by asking the engine for its change mark. One look at what is new serves all, and wakes
 * those whom it concerns: a commit costs the same however many contexts are watched.
 */
export class LogNews {
  readonly #engine: Engine;
  /** By whose events they wait for, so that only those are looked at whom a look concerns. */
  readonly #waiting = new Map<number | undefined, Set<Waiting>>();
  readonly #timer = new PollTimer(() => void this.#poll());
  /** The last look; whoever waits knows all that was in the log then, or has been woken. */
  #last: Pick<LogLook, "mark" | "upTo"> | undefined;
  /** Whether there may be more since. */
  #isStale = true;
  #isLooking = false;
  #isOver = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Takes in that this store has committed. */
  tell(): void {
    this.#isStale = true;
    void this.#look();
  }

  /** Wakes everybody; there will be no more news. */
  end(): void {
    this.#isOver = true;
    for (const waiting of this.#all()) this.#wake(waiting);
  }

  /** Waits for news, and gives the way to be woken without any. */
  wait(waiting: Waiting): () => void {
    if (this.#isOver || waiting.upTo < (this.#last?.upTo ?? 0)) {
      waiting.wake();
      return () => undefined;
    }
    const those = this.#waiting.get(waiting.context) ?? new Set();
    this.#waiting.set(waiting.context, those.add(waiting));
    this.#timer.add(waiting);
    void this.#look();
    return () => this.#wake(waiting);
  }

  /** Looks as long as there may be more and somebody waits for it; one look at a time. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#isStale && this.#waiting.size > 0 && !this.#isOver) {
      // Whoever committed may be in the midst of a batch, which no other transaction can interrupt.
      await Promise.resolve();
      this.#isStale = false;
      const look = await this.#ask(() => lookAtLog(this.#engine, this.#last?.upTo));
      this.#last = look ?? this.#last;
      for (const waiting of this.#concernedBy(look)) this.#wake(waiting);
    }
    this.#isLooking = false;
  }

  async #poll(): Promise<void> {
    const look = await this.#ask(() => lookAtLog(this.#engine, undefined));
    if (look?.mark !== this.#last?.mark) this.tell();
    this.#timer.run();
  }

  /** Undefined where the engine refuses. */
  async #ask(begin: () => ReturnType<typeof lookAtLog>): Promise<LogLook | undefined> {
    try {
      return await this.#engine.run(begin());
    } catch {
      return undefined;
    }
  }

  /** Those who do not know yet what a look found; all, where it failed: they meet what is wrong when they read. */
  #concernedBy(look: LogLook | undefined): Waiting[] {
    if (look === undefined) return this.#all();
    const { upTo, newest } = look;
    if (newest === undefined) return this.#all().filter((waiting) => waiting.upTo < upTo);
    return [...newest, [undefined, upTo] as const].flatMap(([context, position]) =>
      [...(this.#waiting.get(context) ?? [])].filter((waiting) => waiting.upTo < position),
    );
  }

  #all(): Waiting[] {
    return [...this.#waiting.values()].flatMap((those) => [...those]);
  }

  #wake(waiting: Waiting): void {
    const those = this.#waiting.get(waiting.context);
    if (those?.delete(waiting) !== true) return;
    if (those.size === 0) this.#waiting.delete(waiting.context);
    this.#timer.remove(waiting);
    waiting.wake();
  }
}
