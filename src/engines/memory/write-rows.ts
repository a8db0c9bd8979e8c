import type {
  CurrentWrite,
  InheritedKeyRow,
  KeyChangeRow,
  NameRow,
  PhaseRow,
  ReceiptRow,
  RowWrite,
} from "../../projections/rows.js";
import { countUpTo, findAt } from "./sequence-order.js";
import type { ContextTable, Tables } from "./tables.js";

/** Writes one projection row of a context. */
export function writeRow(tables: Tables, table: ContextTable, row: RowWrite): void {
  switch (row.table) {
    case "current":
      writeCurrent(tables, table, row);
      return;
    case "current-removal":
      tables.journal.delete(ofScope(table.projections.current, row.scope), row.key);
      return;
    case "key-changes":
    case "inherited-key":
      writeKeyChange(tables, table, row);
      return;
    case "phases":
      writePhase(tables, table, row);
      return;
    case "runs-removal":
      for (const id of [...table.projections.phases.keys()])
        tables.journal.delete(table.projections.phases, id);
      for (const key of [...table.projections.receipts.keys()])
        tables.journal.delete(table.projections.receipts, key);
      return;
    case "receipts":
      writeReceipt(tables, table, row);
      return;
    case "names":
      writeName(tables, table, row);
      return;
  }
}

function writeCurrent({ journal }: Tables, { projections }: ContextTable, row: CurrentWrite): void {
  const { scope, key, created, sequence, version, changedAt, value, bytes } = row;
  const kept = Object.freeze({ scope, key, created, sequence, version, changedAt, value, bytes });
  journal.set(ofScope(projections.current, scope), key, kept);
}

function writeKeyChange(
  { journal }: Tables,
  { projections }: ContextTable,
  row: KeyChangeRow | InheritedKeyRow,
): void {
  const { scope, key, sequence, created, operation } = row;
  const keys = ofScope(projections.changes, scope);
  const list = keys.get(key) ?? [];
  if (findAt(list, sequence) !== undefined) {
    throw new Error(`Event #${sequence} changed the same key twice; this is a bug in durable-context.`);
  }
  if (!keys.has(key)) journal.set(keys, key, list);
  journal.insert(
    list,
    countUpTo(list, sequence),
    Object.freeze({ table: "key-changes" as const, scope, key, sequence, created, operation }),
  );
}

function writePhase({ journal }: Tables, { projections }: ContextTable, row: PhaseRow): void {
  const { id, name, once, status, sequence } = row;
  const begun = projections.phases.get(id);
  const phase =
    begun === undefined
      ? { id, name, once, status, startedSequence: sequence, endedSequence: null }
      : { ...begun, status, endedSequence: sequence };
  journal.set(projections.phases, id, Object.freeze(phase));
}

function writeReceipt({ journal }: Tables, { projections }: ContextTable, row: ReceiptRow): void {
  const { idempotencyKey, sequence, command, outcome } = row;
  if (projections.receipts.has(idempotencyKey)) {
    throw new Error("An idempotency key was used twice; this is a bug in durable-context.");
  }
  journal.set(projections.receipts, idempotencyKey, Object.freeze({ sequence, command, outcome }));
}

function writeName({ journal, numbers }: Tables, table: ContextTable, { name }: NameRow): void {
  const before = table.name;
  if (name === before) return;
  if (numbers.has(name)) throw new Error("A context of that name exists; this is a bug in durable-context.");
  journal.delete(numbers, before);
  journal.set(numbers, name, table.context);
  journal.change(
    () => (table.name = name),
    () => (table.name = before),
  );
}

function ofScope<Scope, Rows>(scopes: ReadonlyMap<Scope, Rows>, scope: Scope): Rows {
  const rows = scopes.get(scope);
  if (rows === undefined) throw new Error("An effect's scope is unknown; this is a bug in durable-context.");
  return rows;
}
