import type { Database } from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { isBusy } from "./failures.js";

/** How long SQLite itself waits for a lock before it reports that the store is busy. */
const sqliteWaitsMs = 5_000;

/** The pause before another try where SQLite did not wait by itself; longer ones would be unfair to who waits. */
const pauseMs = 5;

/** How long a connection waits by itself: as long as its caller may wait, within bounds. */
export function waitOfConnection(lockTimeoutMs: number): number {
  return Math.min(sqliteWaitsMs, lockTimeoutMs);
}

/**
 * Does something that may meet a lock of another process, again and again while it does and time is left. SQLite
 * waits by itself where that can help; in a recovery, or against an exclusive lock, it reports at once.
 * @throws {ContextError} STORE_BUSY
 */
export function patiently<Result>(
  { store, lockTimeoutMs }: { readonly store: string; readonly lockTimeoutMs: number },
  attempt: () => Result,
): Result {
  const began = performance.now();
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const waitedMs = Math.round(performance.now() - began);
      if (waitedMs >= lockTimeoutMs)
        throw new ContextError("STORE_BUSY", { store, waitedMs }, { cause: error });
      pause(Math.min(pauseMs, lockTimeoutMs - waitedMs));
    }
  }
}

/** For how long SQLite looks for a lock that many want, before it is asked again. */
const shortLookMs = 3;

/**
 * Has a connection look only shortly for a lock, and its caller ask again. Left alone, SQLite soon looks only
 * every 100 ms, and whoever writes without a pause takes the lock again in between, nearly every time.
 */
export function lookShortly(database: Database, lockTimeoutMs: number): void {
  database.pragma(`busy_timeout = ${Math.min(shortLookMs, lockTimeoutMs)}`);
}

/** Does something on such a connection that waits for others to end, and says so by no error. */
export function lookingLong<Result>(
  database: Database,
  lockTimeoutMs: number,
  attempt: () => Result,
): Result {
  database.pragma(`busy_timeout = ${waitOfConnection(lockTimeoutMs)}`);
  try {
    return attempt();
  } finally {
    lookShortly(database, lockTimeoutMs);
  }
}

/** How long the lock is left to others: longer than any of them pauses between two looks. */
const wayMs = 12;

/** Lets those who wait for the write lock find it free. */
export function giveWay(): void {
  pause(wayMs);
}

/** Keeps this thread waiting, as SQLite does. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
