import type Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { isBusy, isDamage, isOutOfReach } from "./failures.js";
import type { QueryResult } from "../engine.js";

/** As many as SQLite takes. */
const mostParameters = 32_766;

/**
 * Answers one query on a connection that only reads. A lock that it meets is for the caller to wait for.
 * @throws {ContextError} QUERY_FAILED
 * @throws {SqliteError} What the store or its disk is to blame for.
 */
export function answer(reader: Database.Database, sql: string, parameters: readonly unknown[]): QueryResult {
  const list: unknown = parameters;
  if (typeof sql !== "string" || !Array.isArray(list) || list.length > mostParameters) {
    throw new ContextError("QUERY_FAILED", { why: "a text and a list of parameters were expected" });
  }
  try {
    const statement = reader.prepare<unknown[], Record<string, unknown>>(sql);
    if (!statement.reader) throw new ContextError("QUERY_FAILED", { why: "it gives no rows" });
    const columns = statement.columns().map(({ name }) => name);
    const twice = columns.find((name, index) => columns.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new ContextError("QUERY_FAILED", {
        why: `two columns are called "${twice}"; name them apart with AS`,
      });
    }
    const rows = statement.safeIntegers().all(...parameters);
    for (const row of rows) narrow(row, columns);
    return { columns, rows };
  } catch (error) {
    if (error instanceof ContextError || isOfStore(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ContextError("QUERY_FAILED", { why }, { cause: error });
  }
}

/** Whether an error tells of the store or its disk, and not of the query. */
function isOfStore(error: unknown): boolean {
  return isBusy(error) || isDamage(error) || isOutOfReach(error);
}

/** Integers come as bigint so that none loses digits; the small ones become plain numbers, in place. */
function narrow(row: Record<string, unknown>, columns: readonly string[]): void {
  for (const column of columns) {
    const value = row[column];
    if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) row[column] = Number(value);
  }
}
