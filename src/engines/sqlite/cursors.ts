import type Database from "better-sqlite3";
import type { CursorListing, CursorRow } from "../../core/cursor.js";
import type { Log, WritableLog } from "../engine.js";

/** Answers where folds over a context's events have come to. */
export function readCursors(database: Database.Database): Pick<Log, "cursor" | "cursors"> {
  const columns = "name, sequence, lower(hex(hash)) AS hash, updated_at AS updatedAt";
  const cursor = database.prepare<[number, string], CursorRow>(
    `SELECT ${columns}, value FROM cursors WHERE context = ? AND name = ?`,
  );
  const cursors = database.prepare<[number], CursorListing>(
    `SELECT ${columns} FROM cursors WHERE context = ? ORDER BY name`,
  );
  return {
    cursor: (context, name) => cursor.get(context, name),
    cursors: (context) => cursors.all(context),
  };
}

/** Keeps them; they are nobody's projection, so a rebuild leaves them alone. */
export function writeCursors(
  database: Database.Database,
): Pick<WritableLog, "saveCursor" | "removeCursor" | "removeCursors"> {
  const save = database.prepare(
    `INSERT INTO cursors (context, name, sequence, hash, value, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, value = excluded.value,
       updated_at = excluded.updated_at`,
  );
  const remove = database.prepare<[number, string]>("DELETE FROM cursors WHERE context = ? AND name = ?");
  const removeAll = database.prepare<[number]>("DELETE FROM cursors WHERE context = ?");
  return {
    saveCursor: (context, { name, sequence, hash, value, updatedAt }) => {
      save.run(context, name, sequence, Buffer.from(hash, "hex"), value, updatedAt);
    },
    removeCursor: (context, name) => remove.run(context, name).changes > 0,
    removeCursors: (context) => {
      removeAll.run(context);
    },
  };
}
