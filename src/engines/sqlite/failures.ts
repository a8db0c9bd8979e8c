import Database from "better-sqlite3";
import { ContextError, isContextError } from "../../core/errors.js";

/** Turns what SQLite throws into a {@link ContextError} with the original as its cause; others pass as they are. */
export function explain(error: unknown, store: string): unknown {
  if (isContextError(error) || !(error instanceof Database.SqliteError)) return error;
  const { code, message } = error;
  const cause = { cause: error };
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new ContextError("STORE_BUSY", { store, waitedMs: 0 }, cause);
  }
  if (code.startsWith("SQLITE_READONLY")) return new ContextError("STORE_READ_ONLY", { store }, cause);
  if (code === "SQLITE_FULL") return new ContextError("STORE_FULL", { store }, cause);
  if (code === "SQLITE_NOTADB") return new ContextError("STORE_FOREIGN", { store, why: message }, cause);
  if (code.startsWith("SQLITE_CORRUPT"))
    return new ContextError("STORE_CORRUPT", { store, where: message }, cause);
  if (code.startsWith("SQLITE_CANTOPEN") || code === "SQLITE_PERM" || isDiskFailure(error)) {
    return new ContextError("STORE_UNREACHABLE", { store, why: message }, cause);
  }
  return error;
}

/** Whether the disk failed under SQLite; at a commit, it cannot say then what reached it. */
export function isDiskFailure(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_IOERR");
}

/** Whether another connection held the lock for as long as SQLite was told to wait. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}
