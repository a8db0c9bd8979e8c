import Database from "better-sqlite3";
import { ContextError, isContextError } from "../../core/errors.js";

/**
 * Turns what SQLite throws into a {@link ContextError} with the original as its cause; others pass as they are.
 * A lock that was met in spite of all patience was met after `waitedMs`.
 */
export function explain(error: unknown, store: string, waitedMs = 0): unknown {
  if (isContextError(error) || !(error instanceof Database.SqliteError)) return error;
  const { code, message } = error;
  const cause = { cause: error };
  if (isBusy(error) || code.startsWith("SQLITE_LOCKED")) {
    return new ContextError("STORE_BUSY", { store, waitedMs }, cause);
  }
  if (code.startsWith("SQLITE_READONLY")) return new ContextError("STORE_READ_ONLY", { store }, cause);
  if (code === "SQLITE_FULL") return new ContextError("STORE_FULL", { store }, cause);
  if (code === "SQLITE_NOTADB") return new ContextError("STORE_FOREIGN", { store, why: message }, cause);
  if (code.startsWith("SQLITE_CORRUPT"))
    return new ContextError("STORE_CORRUPT", { store, where: message }, cause);
  if (isOutOfReach(error)) {
    return new ContextError("STORE_UNREACHABLE", { store, why: message }, cause);
  }
  return error;
}

/** Explains what was thrown while a file was opened; there, what SQLite cannot make sense of is damage. */
export function explainOpening(error: unknown, store: string): unknown {
  const explained = explain(error, store);
  if (!(explained instanceof Database.SqliteError)) return explained;
  return new ContextError("STORE_CORRUPT", { store, where: explained.message }, { cause: error });
}

/** Whether SQLite could not get at a file, or not at what is in it. */
export function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code.startsWith("SQLITE_CANTOPEN") || error.code === "SQLITE_PERM" || isDiskFailure(error);
}

/**
 * Whether SQLite found the file damaged. A disk that could not be read for a moment looks the same to it, so this
 * is said to nobody before the file was read again.
 */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_CORRUPT");
}

/** Whether there was no room left on the disk; SQLite has undone the transaction then. */
export function isFull(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === "SQLITE_FULL";
}

/** Whether the disk failed under SQLite; at a commit, it cannot say then what reached it. */
export function isDiskFailure(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_IOERR");
}

/**
 * Whether another connection held a lock for as long as SQLite was told to wait, or longer than SQLite waits for
 * one that others are always taking (SQLITE_PROTOCOL).
 */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code.startsWith("SQLITE_BUSY") || error.code === "SQLITE_PROTOCOL";
}
