import { createHash } from "node:crypto";
import Database from "better-sqlite3";

/** A digest of all rows of each table of a store's file, by a connection of its own. */
export function rowsOf(path: string): string {
  const database = new Database(path, { readonly: true });
  try {
    const lines: string[] = [];
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      // A name is text.
      .all() as string[];
    for (const table of tables) {
      const hash = createHash("sha256");
      for (const row of database.prepare(`SELECT * FROM "${table}"`).raw().safeIntegers().iterate())
        hash.update(
          JSON.stringify(row, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)),
        );
      lines.push(`${table} ${hash.digest("hex")}`);
    }
    return lines.join("\n");
  } finally {
    database.close();
  }
}
