/** What one of many processes on a store is to do until its time is over. */
export interface Orders {
  readonly role: Role;
  readonly path: string;
  /** Says who it is, in its events, too. */
  readonly name: string;
  readonly seed: number;
  readonly contexts: readonly string[];
  readonly ms: number;
}
export type Role = "optimist" | "overwriter" | "opener" | "reader" | "watcher" | "keeper" | "pruner";

/** A write that returned. */
export interface Receipt {
  readonly context: string;
  readonly sequence: number;
  /** What the event was given as its cause, which no other event has. */
  readonly cause: string;
  /** The hash of the event, where it was still the newest one when it was asked for. */
  readonly hash?: string;
}

/** What such a process tells when its time is over. */
export interface Account {
  readonly name: string;
  readonly receipts: readonly Receipt[];
  /** How often it added one to a counter, by context and key. */
  readonly added: Readonly<Record<string, number>>;
  /** What it did, looked at or was refused, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** The longest that one write took, in ms; most of it is waiting for the lock. */
  readonly longestMs: number;
  readonly failures: readonly string[];
}

/** The context in which the parent says that all is over; watchers end there. */
export const lastContext = "the end";

/** The counter of a context that everybody adds to in one way. */
export function counterOf(context: string, key: string): string {
  return `${context} / ${key}`;
}
