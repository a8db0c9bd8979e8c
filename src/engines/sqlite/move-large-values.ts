import type Database from "better-sqlite3";
import { valueScopes } from "../../core/event.js";
import { largeBytes } from "../../core/with-patches.js";
import type { CurrentRow } from "../engine.js";
import { currentCheck, placeCheck } from "./row-check.js";

type StoredRow = Omit<CurrentRow, "value" | "bytes"> & {
  readonly context: number;
  readonly size: number;
  readonly check: number | null;
};

/** Leaves large values to the log alone, where they stand anyway; an older release kept them in their rows, too. */
export function moveLargeValues(database: Database.Database): void {
  const rows = database
    .prepare<[number], StoredRow>(
      `SELECT context, scope, key, created, sequence, version, changed_at AS changedAt,
         octet_length(value) AS size, row_check AS "check"
       FROM current_keys
       WHERE scope IN (${valueScopes.map((scope) => `'${scope}'`).join(", ")}) AND octet_length(value) >= ?`,
    )
    .all(largeBytes);
  const move = database.prepare(
    "UPDATE current_keys SET value = NULL, bytes = ?, row_check = ? WHERE context = ? AND scope = ? AND key = ?",
  );
  for (const { context, size, check, ...row } of rows) {
    const moved = { ...row, value: null, bytes: size };
    // Rows that never had a checksum get none.
    const newCheck = check === null ? null : currentCheck(context, moved, placeCheck(row));
    move.run(size, newCheck, context, row.scope, row.key);
  }
}
