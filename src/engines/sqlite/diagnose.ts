import type Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { isSound } from "./check-file.js";
import { explain, isDamage } from "./failures.js";

/**
 * Does what {@link explain} does with what a database threw, and reads the file again before anybody is told that
 * it is damaged: a disk that could not be read for a moment looks the same to SQLite.
 */
export function diagnose(
  error: unknown,
  database: Database.Database,
  { store, waitedMs = 0 }: { readonly store: string; readonly waitedMs?: number },
): unknown {
  if (!isDamage(error) || !isSound(database)) return explain(error, store, waitedMs);
  const why = "its disk could not be read for a moment; the file is sound";
  return new ContextError("STORE_UNREACHABLE", { store, why }, { cause: error });
}
