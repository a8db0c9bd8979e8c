import type Database from "better-sqlite3";
import type { Damage } from "../engine.js";
import { checkRows } from "./check-rows.js";

/**
 * Checks a database as SQLite can, what its tables say of each other, and every row by its checksum; what was found
 * before goes first.
 */
export function checkFile(database: Database.Database, before: readonly string[]): readonly Damage[] {
  const damage = findDamage(database);
  const found = [
    ...before,
    ...damage,
    ...findDangling(database),
    ...(damage.length > 0 ? [] : strayRows(database)),
  ];
  return [...found.map((why) => ({ why })), ...(damage.length > 0 ? [] : checkRows(database))];
}

/** What SQLite finds wrong with the file. */
export function findDamage(database: Database.Database): readonly string[] {
  // Each row of this pragma is one text: what is wrong, or "ok".
  const integrity = database.pragma("integrity_check") as readonly { readonly integrity_check: string }[];
  return integrity.map((row) => row.integrity_check).filter((found) => found !== "ok");
}

/** Whether SQLite can read the whole file and finds nothing wrong with it. */
export function isSound(database: Database.Database): boolean {
  try {
    return findDamage(database).length === 0;
  } catch {
    // Whoever asks has an error in hand already, which tells more.
    return false;
  }
}

/** Rows that refer to a context by a foreign key, where there is none. */
export function findDangling(database: Database.Database): readonly string[] {
  const foreign = database.pragma("foreign_key_check") as readonly {
    readonly table: string;
    readonly rowid: number;
  }[];
  return foreign.map(({ table, rowid }) => `row ${rowid} of ${table} belongs to a context that is not there`);
}

/** Rows of the key index that lead to another event than they name, and rows of contexts that are not there. */
function strayRows(database: Database.Database): string[] {
  const misled = database
    .prepare<[], { context: number; key: string; sequence: number }>(
      `SELECT k.context, k.key, k.sequence FROM key_changes AS k
       LEFT JOIN events AS e ON e.position = k.position
       WHERE e.sequence IS NOT k.sequence LIMIT 10`,
    )
    .all();
  const orphans = database
    .prepare<[], { name: string }>(
      ["current_keys", "key_changes", "phases", "receipts"]
        .map(
          (table) => `SELECT '${table}' AS name FROM ${table} WHERE context NOT IN (SELECT id FROM contexts)`,
        )
        .join(" UNION "),
    )
    .all();
  return [
    ...misled.map(
      ({ key, sequence }) => `key_changes: key ${JSON.stringify(key)} at #${sequence} leads elsewhere`,
    ),
    ...orphans.map(({ name }) => `${name}: it has rows of a context that is not there`),
  ];
}
