import type { Context, ContextError } from "../../../src/index.js";
import { type Account, counterOf, type Orders, type Receipt } from "./orders.js";

/** Keeps what a process did, and how long each write took. */
export class Ledger {
  readonly #orders: Orders;
  readonly #receipts: Receipt[] = [];
  readonly #added: Record<string, number> = {};
  readonly #counts: Record<string, number> = {};
  readonly #failures: string[] = [];
  #longestMs = 0;
  #writes = 0;

  constructor(orders: Orders) {
    this.#orders = orders;
  }

  /** A cause that no other event has. */
  nextCause(): string {
    this.#writes += 1;
    return `${this.#orders.name} ${this.#writes}`;
  }

  /** Makes a write and measures it. */
  timed<Result>(write: () => Result): Result {
    const began = performance.now();
    try {
      return write();
    } finally {
      this.#longestMs = Math.max(this.#longestMs, performance.now() - began);
    }
  }

  /** Notes a write that returned; its event is the one that the handle stands at. */
  acknowledge(context: Context, cause: string): void {
    const { id, sequence } = context;
    this.count("commits");
    const receipt = { context: id, sequence, cause };
    // Asking costs a read, and somebody else's event may be the newest by now.
    const head = this.#writes % 4 === 0 ? context.head() : undefined;
    this.#receipts.push(head?.sequence === sequence ? { ...receipt, hash: head.hash } : receipt);
  }

  add(context: string, key: string): void {
    const counter = counterOf(context, key);
    this.#added[counter] = (this.#added[counter] ?? 0) + 1;
  }

  count(kind: string, many = 1): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + many;
  }

  fail(failure: string): void {
    this.count("failures");
    if (this.#failures.length < mostFailures) this.#failures.push(`${this.#orders.name}: ${failure}`);
  }

  /** Takes a refusal that belongs to the work; everything else is a failure. */
  refused(error: unknown, expected: readonly ContextError["code"][]): void {
    // Whatever is thrown; an error of the library has a code.
    const { code } = error as Partial<ContextError>;
    if (code !== undefined && expected.includes(code)) this.count(code);
    else this.fail(String(error));
  }

  account(): Account {
    return {
      name: this.#orders.name,
      receipts: this.#receipts,
      added: this.#added,
      counts: this.#counts,
      longestMs: Math.round(this.#longestMs),
      failures: this.#failures,
    };
  }
}

/** More of the same would only hide the first ones. */
const mostFailures = 20;
