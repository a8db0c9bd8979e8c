import type { Container } from "./python-value.js";

/** Values that a file may hold at once, which takes up to two or three gigabytes; equal ones count once. */
export const mostValues = 100_000_000;
/** What a container takes beside its items, in places for these. */
export const containerCost = 14;

/** Counts the values that a file holds, so that none can hold more than memory does. */
export class Budget {
  readonly exceeded: () => Error;
  #spent = 0;

  constructor(exceeded: () => Error) {
    this.exceeded = exceeded;
  }

  /** Counts more of them. */
  take(values: number): void {
    this.#spent += values;
    if (this.#spent > mostValues) throw this.exceeded();
  }

  /** Counts a container no longer, since another one stands for it. */
  giveBack(container: Container): void {
    this.#spent -= containerCost + container.items.length;
  }
}
