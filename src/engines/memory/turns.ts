import type { Waitable } from "../../program/program.js";

/** Lets one at a time in, in the order in which they asked. */
export class Turns {
  #isTaken = false;
  readonly #waiting: (() => void)[] = [];

  /** Takes the turn: at once where nobody has it, so that a synchronous program never waits. */
  enter(): Waitable<void> {
    if (this.#isTaken) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
  }

  /** Hands the turn to whoever asked first. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}
