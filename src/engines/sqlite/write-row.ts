import type Database from "better-sqlite3";
import type { CurrentRemoval, CurrentWrite, PhaseRow, RowWrite } from "../../projections/rows.js";
import { changeCheck, checkOf, currentCheck, placeCheck } from "./row-check.js";
import { type StateCheck, toggled } from "./state-checks.js";
import type { ContextRows } from "./write-contexts.js";

/** Writes projection rows, each with its checksum. */
export class RowWriter {
  readonly #statements: Statements;

  constructor(database: Database.Database, contexts: ContextRows) {
    this.#statements = { ...prepare(database), contexts };
  }

  /** Writes a row of an event; gives what is present then. */
  write(from: Source, row: RowWrite, present: StateCheck): StateCheck {
    return writeRow(this.#statements, from, row, present);
  }
}

type Statements = ReturnType<typeof prepare> & { readonly contexts: ContextRows };

function prepare(database: Database.Database) {
  return {
    old: database.prepare<[number, string, string], { created: number; sequence: number }>(
      "SELECT created, sequence FROM current_keys WHERE context = ? AND scope = ? AND key = ?",
    ),
    current: database.prepare(
      `INSERT INTO current_keys (context, scope, key, created, sequence, version, changed_at, value, bytes, row_check)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET created = excluded.created, sequence = excluded.sequence,
         version = excluded.version, changed_at = excluded.changed_at, value = excluded.value,
         bytes = excluded.bytes, row_check = excluded.row_check`,
    ),
    removal: database.prepare("DELETE FROM current_keys WHERE context = ? AND scope = ? AND key = ?"),
    change: database.prepare(
      `INSERT INTO key_changes (context, scope, key, sequence, position, created, operation, row_check)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    position: database
      .prepare<[number, number], number>("SELECT position FROM events WHERE context = ? AND sequence = ?")
      .pluck(),
    phaseStart: database.prepare<[number, string], Pick<PhaseRow, "name" | "once" | "sequence">>(
      "SELECT name, once, started_sequence AS sequence FROM phases WHERE context = ? AND id = ?",
    ),
    phase: database.prepare(
      `INSERT INTO phases (context, id, name, once, status, started_sequence, ended_sequence, row_check)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET status = excluded.status, ended_sequence = excluded.ended_sequence,
         row_check = excluded.row_check`,
    ),
    phases: database.prepare("DELETE FROM phases WHERE context = ?"),
    receipts: database.prepare("DELETE FROM receipts WHERE context = ?"),
    receipt: database.prepare(
      `INSERT INTO receipts (context, idempotency_key, sequence, command, outcome, row_check)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
  };
}

/** The event that a row comes from. */
interface Source {
  readonly context: number;
  readonly position: number;
}

function writeRow(to: Statements, from: Source, row: RowWrite, present: StateCheck): StateCheck {
  const { context, position } = from;
  switch (row.table) {
    case "current":
      return writeCurrent(to, context, row, present);
    case "current-removal": {
      const after = withoutOld(to, context, row, present);
      if (after !== present) to.removal.run(context, row.scope, row.key);
      return after;
    }
    case "key-changes":
      writeChange(to, context, position, row);
      return present;
    case "inherited-key":
      writeChange(to, context, to.position.get(row.owner, row.sequence), row);
      return present;
    case "phases":
    case "runs-removal":
    case "receipts":
    case "names":
      writeRun(to, context, row);
      return present;
  }
}

function writeCurrent(to: Statements, context: number, row: CurrentWrite, present: StateCheck): StateCheck {
  const { scope, key, created, sequence, version, changedAt, value, bytes } = row;
  const place = placeCheck(row);
  const after = toggled(withoutOld(to, context, row, present), scope, place);
  const check = currentCheck(context, row, place);
  to.current.run(context, scope, key, created, sequence, version, changedAt, value, bytes, check);
  return after;
}

function withoutOld(
  to: Statements,
  context: number,
  { scope, key }: CurrentWrite | CurrentRemoval,
  present: StateCheck,
): StateCheck {
  const old = to.old.get(context, scope, key);
  return old === undefined ? present : toggled(present, scope, placeCheck({ scope, key, ...old }));
}

function writeChange(
  to: Statements,
  context: number,
  position: number | undefined,
  row: Extract<RowWrite, { table: "key-changes" | "inherited-key" }>,
): void {
  // What an ancestor's event set cannot be found where that event is missing.
  if (position === undefined) return;
  const { scope, key, sequence, created, operation } = row;
  const check = changeCheck(context, position, operation, placeCheck(row));
  to.change.run(context, scope, key, sequence, position, created, operation, check);
}

type RunRow = Extract<RowWrite, { table: "phases" | "runs-removal" | "receipts" | "names" }>;

function writeRun(to: Statements, context: number, row: RunRow): void {
  switch (row.table) {
    case "phases":
      writePhase(to, context, row);
      return;
    case "runs-removal":
      to.phases.run(context);
      to.receipts.run(context);
      return;
    case "receipts": {
      const columns = [context, row.idempotencyKey, row.sequence, row.command, row.outcome];
      to.receipt.run(...columns, checkOf(columns));
      return;
    }
    case "names":
      to.contexts.rename(context, row.name);
      return;
  }
}

/** A later event of a run overwrites its status and keeps its start. */
function writePhase(to: Statements, context: number, row: PhaseRow): void {
  const begun = to.phaseStart.get(context, row.id);
  const { name, once, sequence: started } = begun ?? row;
  const columns = [
    context,
    row.id,
    name,
    once,
    row.status,
    started,
    begun === undefined ? null : row.sequence,
  ];
  to.phase.run(...columns, checkOf(columns));
}
