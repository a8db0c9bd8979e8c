import type { ChangePlace, WritableLog } from "../engine.js";
import { countUpTo, findAt } from "./sequence-order.js";
import type { ContextTable, Tables } from "./tables.js";

/** Removes what lies below a floor; every change goes through the journal. */
export function writePruning(
  tables: Tables,
): Pick<WritableLog, "setFloor" | "removeEvents" | "removeChanges"> {
  const tableOf = (context: number): ContextTable => {
    const table = tables.contexts.get(context);
    if (table === undefined)
      throw new Error(`There is no context ${context} to prune; this is a bug in durable-context.`);
    return table;
  };
  return {
    setFloor: (context, sequence, oldestReceipt) => {
      setFloor(tables, tableOf(context), sequence, oldestReceipt);
    },
    removeEvents: (context, sequences) => {
      removeEvents(tables, tableOf(context), new Set(sequences));
    },
    removeChanges: (context, places) => {
      for (const place of places) removeChange(tables, tableOf(context), place);
    },
  };
}

function setFloor({ journal }: Tables, table: ContextTable, sequence: number, oldestReceipt: number): void {
  const { floorSequence, projections } = table;
  journal.change(
    () => (table.floorSequence = sequence),
    () => (table.floorSequence = floorSequence),
  );
  for (const [id, { startedSequence }] of [...projections.phases])
    if (startedSequence <= sequence) journal.delete(projections.phases, id);
  for (const [key, receipt] of [...projections.receipts])
    if (receipt.sequence < oldestReceipt) journal.delete(projections.receipts, key);
}

function removeEvents(tables: Tables, { context, events }: ContextTable, removed: ReadonlySet<number>): void {
  const before = [...events];
  const left = before.filter(({ sequence }) => !removed.has(sequence));
  const places = tables.places;
  tables.journal.change(
    () => {
      refill(events, left);
      tables.places = places.filter((place) => place.context !== context || !removed.has(place.sequence));
    },
    () => {
      refill(events, before);
      tables.places = places;
    },
  );
}

/** One by one, since a call takes so many arguments only. */
function refill<Row>(list: Row[], rows: readonly Row[]): void {
  list.length = 0;
  for (const row of rows) list.push(row);
}

function removeChange({ journal }: Tables, { projections }: ContextTable, place: ChangePlace): void {
  const keys = projections.changes.get(place.scope);
  const list = keys?.get(place.key);
  if (keys === undefined || list === undefined || findAt(list, place.sequence) === undefined) return;
  const index = countUpTo(list, place.sequence) - 1;
  const [row] = list.slice(index);
  journal.change(
    () => void list.splice(index, 1),
    () => {
      if (row !== undefined) list.splice(index, 0, row);
    },
  );
  if (list.length === 0) journal.delete(keys, place.key);
}
