import type Database from "better-sqlite3";
import type { Floor, Log } from "../engine.js";
import { checkedColumns, type CheckedRow, rowOf } from "./read-contexts.js";
import type { RowGuard } from "./row-guard.js";

/** Answers where histories begin that were pruned. */
export function readFloors(database: Database.Database, guard: RowGuard): Pick<Log, "floor" | "newestFloor"> {
  const numbered = database.prepare<[number], CheckedRow>(
    `SELECT ${checkedColumns} FROM contexts AS c WHERE c.id = ?`,
  );
  const newest = database.prepare<[{ position: number; of: number | null; names: string | null }], Floor>(
    `SELECT id AS context, floor_sequence AS sequence, floor_position AS position FROM contexts
     WHERE floor_position > :position AND kept_sequence IS NULL AND (:of IS NULL OR id = :of)
       AND (:names IS NULL OR name GLOB :names)
     ORDER BY floor_position DESC LIMIT 1`,
  );
  return {
    floor: (context) => {
      const row = numbered.get(context);
      return row === undefined ? 0 : rowOf(row, guard).floorSequence;
    },
    newestFloor: (position, { context = null, names = null }) => newest.get({ position, of: context, names }),
  };
}
