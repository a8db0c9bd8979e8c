import type Database from "better-sqlite3";
import type { RowWrite } from "../../projections/rows.js";
import type { ChangePlace } from "../engine.js";
import { nothingPresent, type StateCheck } from "./state-checks.js";
import type { StateNotes } from "./state-notes.js";
import type { ContextRows } from "./write-contexts.js";
import { RowWriter } from "./write-row.js";

/** The tables that {@link projectionWriter} fills, and that a rebuild empties. */
const tables = ["current_keys", "key_changes", "phases", "receipts"] as const;

/** By which columns their rows are told apart. */
const keysOf: Readonly<Record<(typeof tables)[number], readonly string[]>> = {
  current_keys: ["context", "scope", "key"],
  key_changes: ["context", "scope", "key", "sequence"],
  phases: ["context", "id"],
  receipts: ["context", "idempotency_key"],
};

/** Writes projection rows, one prepared statement a kind. */
export interface ProjectionWriter {
  /** Writes the rows of an event on what is present before it; gives what is present then. */
  readonly write: (
    context: number,
    position: number,
    rows: readonly RowWrite[],
    present: StateCheck,
  ) => StateCheck;
  /** Writes the rows of an event again, and notes beside it what is present then. */
  readonly rewrite: (context: number, at: EventPlace, rows: readonly RowWrite[]) => void;
  readonly removeContext: (context: number) => void;
  /** Leaves only the index of keys up to an event. */
  readonly keepIndex: (context: number, upTo: number) => void;
  /** Removes phases that began by an event, and receipts of events before another. */
  readonly removeRuns: (context: number, upTo: number, oldestReceipt: number) => void;
  readonly removeChange: (context: number, place: ChangePlace) => void;
  readonly setAside: () => void;
  readonly differences: () => Record<string, number>;
}

interface EventPlace {
  readonly sequence: number;
  readonly position: number;
}

export function projectionWriter(
  database: Database.Database,
  notes: StateNotes,
  contexts: ContextRows,
): ProjectionWriter {
  const writer = new RowWriter(database, contexts);
  const rebuilt = new Map<number, StateCheck>();
  const write: ProjectionWriter["write"] = (context, position, rows, present) => {
    let state = present;
    for (const row of rows) state = writer.write({ context, position }, row, state);
    return state;
  };
  return {
    write,
    rewrite: (context, { sequence, position }, rows) => {
      const present = write(context, position, rows, rebuilt.get(context) ?? nothingPresent);
      rebuilt.set(context, present);
      notes.save(context, sequence, present);
    },
    ...rowRemover(database),
    setAside: () => {
      rebuilt.clear();
      for (const table of tables) setAside(database, table);
    },
    differences: () => {
      for (const [context, present] of rebuilt) notes.saveAtHead(context, present);
      return Object.fromEntries(tables.map((table) => [table, countDifferences(database, table)]));
    },
  };
}

function rowRemover(
  database: Database.Database,
): Pick<ProjectionWriter, "removeContext" | "keepIndex" | "removeRuns" | "removeChange"> {
  const removals = tables.map((table) => ({
    table,
    removal: database.prepare<[number]>(`DELETE FROM ${table} WHERE context = ?`),
  }));
  const indexRemoval = database.prepare<[number, number]>(
    "DELETE FROM key_changes WHERE context = ? AND sequence > ?",
  );
  const phaseRemoval = database.prepare<[number, number]>(
    "DELETE FROM phases WHERE context = ? AND started_sequence <= ?",
  );
  const receiptRemoval = database.prepare<[number, number]>(
    "DELETE FROM receipts WHERE context = ? AND sequence < ?",
  );
  const changeRemoval = database.prepare<[number, string, string, number]>(
    "DELETE FROM key_changes WHERE context = ? AND scope = ? AND key = ? AND sequence = ?",
  );
  return {
    removeRuns: (context, upTo, oldestReceipt) => {
      phaseRemoval.run(context, upTo);
      if (oldestReceipt > 0) receiptRemoval.run(context, oldestReceipt);
    },
    removeChange: (context, { scope, key, sequence }) => {
      changeRemoval.run(context, scope, key, sequence);
    },
    removeContext: (context) => {
      for (const { removal } of removals) removal.run(context);
    },
    keepIndex: (context, upTo) => {
      for (const { table, removal } of removals) if (table !== "key_changes") removal.run(context);
      indexRemoval.run(context, upTo);
    },
  };
}

function setAside(database: Database.Database, table: string): void {
  database.exec(
    `CREATE TEMP TABLE aside_${table} AS SELECT * FROM main.${table}; DELETE FROM main.${table};`,
  );
}

/**
 * Rows that are on one side only, of those set aside and those rebuilt; the former are dropped. That an older
 * release wrote a row without a checksum is no difference.
 */
function countDifferences(database: Database.Database, table: (typeof tables)[number]): number {
  const key = keysOf[table].map((column) => `made.${column} = aside.${column}`).join(" AND ");
  database.exec(
    `UPDATE temp.aside_${table} AS aside
     SET row_check = (SELECT row_check FROM main.${table} AS made WHERE ${key}) WHERE row_check IS NULL`,
  );
  const count = database
    .prepare<[], number>(
      `SELECT (SELECT count(*) FROM (SELECT * FROM main.${table} EXCEPT SELECT * FROM temp.aside_${table}))
            + (SELECT count(*) FROM (SELECT * FROM temp.aside_${table} EXCEPT SELECT * FROM main.${table}))`,
    )
    .pluck()
    .get();
  database.exec(`DROP TABLE temp.aside_${table}`);
  return count ?? 0;
}
