import Database from "better-sqlite3";
import { isBusy } from "./failures.js";

/**
 * Empties the log of a database. What was overwritten is zeroed in the file (secure_delete), but older pages lie
 * in the log until then. Tells whether it could be done: not while somebody reads an older state.
 */
export function scrubLog(database: Database.Database): boolean {
  try {
    const [result] = database.pragma("wal_checkpoint(TRUNCATE)") as readonly { readonly busy: number }[];
    return result?.busy === 0;
  } catch (error) {
    // The erasure is committed, whatever the disk says here; the next checkpoint takes what is left.
    if (error instanceof Database.SqliteError && !isBusy(error)) return false;
    throw error;
  }
}
