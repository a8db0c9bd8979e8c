import type { Engine } from "../engines/engine.js";
import { wait } from "../program/program.js";

/** How much of the log somebody knows of. */
export interface Seen {
  /** Commits of this store's own, by {@link LogNews.commits}. */
  readonly commits: number;
  /** The engine's change mark, which tells of everybody else's. */
  readonly mark: number;
}

/** Somebody who waits until there may be more in the log. */
export interface Waiting extends Seen {
  /** How often others' commits are looked for, at least. */
  readonly pollMs: number;
  /** Whether the process has to go on for it. */
  readonly keepsAlive: boolean;
  /** Called once. */
  readonly wake: () => void;
}

/**
 * Tells who waits that there may be more in the log: of this store's commits at once, of those of other
 * handles and processes by asking the engine for its change mark. One timer serves all; none runs while
 * nobody waits.
 */
export class LogNews {
  /** Counts the commits of this store. */
  commits = 0;
  readonly #engine: Engine;
  readonly #waiting = new Set<Waiting>();
  #timer: { readonly handle: NodeJS.Timeout; readonly pollMs: number } | undefined;
  #isOver = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Takes in that this store has committed. */
  tell(): void {
    this.commits += 1;
    this.#wake(() => true);
  }

  /** Wakes everybody; there will be no more news. */
  end(): void {
    this.#isOver = true;
    this.#wake(() => true);
  }

  /** Waits for news, and gives the way to be woken without any. */
  wait(waiting: Waiting): () => void {
    if (this.#isOver || waiting.commits !== this.commits) {
      waiting.wake();
      return () => undefined;
    }
    this.#waiting.add(waiting);
    this.#setTimer();
    return () => this.#wake((each) => each === waiting);
  }

  #wake(isMeant: (waiting: Waiting) => boolean): void {
    for (const waiting of [...this.#waiting].filter(isMeant)) {
      this.#waiting.delete(waiting);
      waiting.wake();
    }
    this.#setTimer();
  }

  /** Lets the timer be as those who wait need it: as often as the most impatient, and only while there are any. */
  #setTimer(): void {
    const waiting = [...this.#waiting];
    const pollMs = Math.min(...waiting.map((each) => each.pollMs));
    if (this.#timer !== undefined && (waiting.length === 0 || pollMs < this.#timer.pollMs)) {
      clearTimeout(this.#timer.handle);
      this.#timer = undefined;
    }
    if (waiting.length === 0) return;
    this.#timer ??= { handle: setTimeout(() => void this.#poll(), pollMs), pollMs };
    if (waiting.some(({ keepsAlive }) => keepsAlive)) this.#timer.handle.ref();
    else this.#timer.handle.unref();
  }

  async #poll(): Promise<void> {
    this.#timer = undefined;
    const mark = await this.#changeMark();
    this.#wake((waiting) => waiting.mark !== mark);
  }

  /** Undefined where the engine refuses: then all are woken, and meet what is wrong when they read. */
  async #changeMark(): Promise<number | undefined> {
    try {
      return await this.#engine.run(this.#engine.read((log) => wait(log.changeMark())));
    } catch {
      return undefined;
    }
  }
}
