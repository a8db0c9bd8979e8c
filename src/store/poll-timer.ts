/** Somebody for whom something is to be looked at again and again. */
export interface Rhythm {
  /** How often, at least. */
  readonly pollMs: number;
  /** Whether the process has to go on for it. */
  readonly keepsAlive: boolean;
}

/**
 * One timer for all who wait: as often as the most impatient of them needs it, and none while nobody waits. It
 * counts them by their rhythm, so that one more costs the same however many there are.
 */
export class PollTimer {
  readonly #poll: () => void;
  /** How many wait, by how often they want to look. */
  readonly #counts = new Map<number, number>();
  #keepAlives = 0;
  #running: { readonly handle: NodeJS.Timeout; readonly pollMs: number } | undefined;

  /** @param poll is called when it is time; the timer runs again once somebody is added, or told to go on */
  constructor(poll: () => void) {
    this.#poll = poll;
  }

  add({ pollMs, keepsAlive }: Rhythm): void {
    this.#counts.set(pollMs, (this.#counts.get(pollMs) ?? 0) + 1);
    if (keepsAlive) this.#keepAlives += 1;
    this.run();
  }

  remove({ pollMs, keepsAlive }: Rhythm): void {
    const left = (this.#counts.get(pollMs) ?? 0) - 1;
    if (left > 0) this.#counts.set(pollMs, left);
    else this.#counts.delete(pollMs);
    if (keepsAlive) this.#keepAlives -= 1;
    this.run();
  }

  /** Runs for those who wait now; again, after it has called. */
  run(): void {
    const pollMs = Math.min(...this.#counts.keys());
    const isNobody = this.#counts.size === 0;
    if (this.#running !== undefined && (isNobody || pollMs < this.#running.pollMs)) this.#stop();
    if (isNobody) return;
    this.#running ??= { handle: setTimeout(() => this.#ring(), pollMs), pollMs };
    if (this.#keepAlives > 0) this.#running.handle.ref();
    else this.#running.handle.unref();
  }

  #ring(): void {
    this.#running = undefined;
    this.#poll();
  }

  #stop(): void {
    clearTimeout(this.#running?.handle);
    this.#running = undefined;
  }
}
