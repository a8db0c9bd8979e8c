import type Database from "better-sqlite3";
import type { CursorListing, CursorRow } from "../../core/cursor.js";
import type { Log, WritableLog } from "../engine.js";
import { checkOf } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/** Answers where folds over a context's events have come to. */
export function readCursors(database: Database.Database, guard: RowGuard): Pick<Log, "cursor" | "cursors"> {
  const columns = "name, sequence, lower(hex(hash)) AS hash, updated_at AS updatedAt, value";
  const select = `SELECT ${columns}, row_check AS "check" FROM cursors WHERE context = ?`;
  const cursor = database.prepare<[number, string], CheckedCursor>(`${select} AND name = ?`);
  const cursors = database.prepare<[number], CheckedCursor>(`${select} ORDER BY name`);
  const checked = (context: number, { check, ...row }: CheckedCursor): CursorRow => {
    guard.compare(check, cursorCheck(context, row), "cursors", context, row.name);
    return row;
  };
  return {
    cursor: (context, name) => {
      const row = cursor.get(context, name);
      return row === undefined ? undefined : checked(context, row);
    },
    cursors: (context) =>
      cursors.all(context).map((row): CursorListing => {
        const { name, sequence, hash, updatedAt } = checked(context, row);
        return { name, sequence, hash, updatedAt };
      }),
  };
}

type CheckedCursor = CursorRow & { readonly check: number | null };

function cursorCheck(context: number, { name, sequence, hash, value, updatedAt }: CursorRow): number {
  return checkOf([context, name, sequence, hash, value, updatedAt]);
}

/** Keeps them; they are nobody's projection, so a rebuild leaves them alone. */
export function writeCursors(
  database: Database.Database,
): Pick<WritableLog, "saveCursor" | "removeCursor" | "removeCursors"> {
  const save = database.prepare(
    `INSERT INTO cursors (context, name, sequence, hash, value, updated_at, row_check)
     VALUES (?, ?, ?, unhex(?), ?, ?, ?)
     ON CONFLICT DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, value = excluded.value,
       updated_at = excluded.updated_at, row_check = excluded.row_check`,
  );
  const remove = database.prepare<[number, string]>("DELETE FROM cursors WHERE context = ? AND name = ?");
  const removeAll = database.prepare<[number]>("DELETE FROM cursors WHERE context = ?");
  return {
    saveCursor: (context, row) => {
      const { name, sequence, hash, value, updatedAt } = row;
      save.run(context, name, sequence, hash, value, updatedAt, cursorCheck(context, row));
    },
    removeCursor: (context, name) => remove.run(context, name).changes > 0,
    removeCursors: (context) => {
      removeAll.run(context);
    },
  };
}
