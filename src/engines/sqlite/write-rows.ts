import type Database from "better-sqlite3";
import type { RowWrite } from "../../projections/rows.js";

/** The tables that {@link projectionWriter} fills, and that a rebuild empties. */
const tables = ["current_keys", "key_changes", "phases", "receipts"] as const;

/** Writes projection rows, one prepared statement a kind. */
export interface ProjectionWriter {
  readonly write: (context: number, position: number, row: RowWrite) => void;
  readonly removeContext: (context: number) => void;
  /** Leaves only the index of keys up to an event. */
  readonly keepIndex: (context: number, upTo: number) => void;
  readonly setAside: () => void;
  readonly differences: () => Record<string, number>;
}

export function projectionWriter(database: Database.Database): ProjectionWriter {
  const statements = prepare(database);
  return {
    write: (context, position, row) => {
      writeRow(statements, context, position, row);
    },
    removeContext: (context) => {
      for (const table of tables) removeRows(database, table, context);
    },
    keepIndex: (context, upTo) => {
      for (const table of tables.filter((name) => name !== "key_changes"))
        removeRows(database, table, context);
      database.prepare("DELETE FROM key_changes WHERE context = ? AND sequence > ?").run(context, upTo);
    },
    setAside: () => {
      for (const table of tables) {
        database.exec(
          `CREATE TEMP TABLE aside_${table} AS SELECT * FROM main.${table}; DELETE FROM main.${table};`,
        );
      }
    },
    differences: () => Object.fromEntries(tables.map((table) => [table, countDifferences(database, table)])),
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: Database.Database) {
  return {
    current: database.prepare(
      `INSERT INTO current_keys (context, scope, key, created, sequence, version, changed_at, value)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET created = excluded.created, sequence = excluded.sequence,
         version = excluded.version, changed_at = excluded.changed_at, value = excluded.value`,
    ),
    removal: database.prepare("DELETE FROM current_keys WHERE context = ? AND scope = ? AND key = ?"),
    change: database.prepare(
      `INSERT INTO key_changes (context, scope, key, sequence, position, created, operation)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    inherited: database.prepare(
      `INSERT INTO key_changes (context, scope, key, sequence, position, created, operation)
       SELECT ?, ?, ?, sequence, position, ?, ? FROM events WHERE context = ? AND sequence = ?`,
    ),
    phase: database.prepare(
      `INSERT INTO phases (context, id, name, once, status, started_sequence) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET status = excluded.status, ended_sequence = excluded.started_sequence`,
    ),
    phases: database.prepare("DELETE FROM phases WHERE context = ?"),
    receipts: database.prepare("DELETE FROM receipts WHERE context = ?"),
    receipt: database.prepare(
      "INSERT INTO receipts (context, idempotency_key, sequence, command, outcome) VALUES (?, ?, ?, ?, ?)",
    ),
    name: database.prepare("UPDATE contexts SET name = ? WHERE id = ? AND name <> ?"),
  };
}

function writeRow(to: Statements, context: number, position: number, row: RowWrite): void {
  switch (row.table) {
    case "current":
      to.current.run(
        context,
        row.scope,
        row.key,
        row.created,
        row.sequence,
        row.version,
        row.changedAt,
        row.value,
      );
      return;
    case "current-removal":
      to.removal.run(context, row.scope, row.key);
      return;
    case "key-changes":
      to.change.run(context, row.scope, row.key, row.sequence, position, row.created, row.operation);
      return;
    case "inherited-key":
      to.inherited.run(context, row.scope, row.key, row.created, row.operation, row.owner, row.sequence);
      return;
    case "phases":
      to.phase.run(context, row.id, row.name, row.once, row.status, row.sequence);
      return;
    case "runs-removal":
      to.phases.run(context);
      to.receipts.run(context);
      return;
    case "receipts":
      to.receipt.run(context, row.idempotencyKey, row.sequence, row.command, row.outcome);
      return;
    case "names":
      to.name.run(row.name, context, row.name);
      return;
  }
}

function removeRows(database: Database.Database, table: (typeof tables)[number], context: number): void {
  database.prepare(`DELETE FROM ${table} WHERE context = ?`).run(context);
}

/** Rows that are on one side only, of those set aside and those rebuilt; the former are dropped. */
function countDifferences(database: Database.Database, table: string): number {
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
