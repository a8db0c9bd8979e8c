import { bySize } from "./by-size.js";
import { contextId } from "./large-stores.js";
import type { Table } from "./table.js";

const sql =
  "SELECT version, at, operation, details, actor FROM change_log WHERE context = ? ORDER BY sequence";

/** The newest of the change log. */
export async function changes(): Promise<Table> {
  return await bySize("changes: the last 200 of the change log", [
    {
      name: "ctx.changes()",
      goalMs: 1,
      rounds: 500,
      ask: ({ context }) => {
        requireAll(context.changes());
      },
    },
    {
      name: "SQL on change_log",
      goalMs: 1,
      rounds: 500,
      ask: ({ store }) => {
        requireAll(store.query(sql, [contextId]).rows);
      },
    },
  ]);
}

function requireAll(found: readonly unknown[]): void {
  if (found.length !== 200) throw new Error("A change is missing.");
}
