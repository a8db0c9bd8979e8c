import type Database from "better-sqlite3";
import type { CurrentRow, Damage } from "../engine.js";
import { type ChangeTuple, changeColumns } from "./change-tuple.js";
import { type EventTuple, eventColumns, headerCheck } from "./event-tuple.js";
import { changeCheck, checkOf, currentCheck, payloadCheck, placeCheck } from "./row-check.js";
import { nothingPresent, type StateCheck, toggled } from "./state-checks.js";

/** So many damaged rows of one table are told one by one. */
const mostTold = 10;

/** Compares every row with its checksum, and what is noted beside events with the key index. */
export function checkRows(database: Database.Database): readonly Damage[] {
  return [
    ...firstFew("events", eventDamage(database)),
    ...firstFew("current_keys", currentDamage(database)),
    ...firstFew("key_changes", changeDamage(database)),
    ...plainTables.flatMap((table) => [...firstFew(table.name, plainDamage(database, table))]),
    ...firstFew("events", stateDamage(database)),
  ];
}

type Found = NonNullable<Damage["row"]> & { readonly why: string };

function* firstFew(table: string, found: Iterable<Found>): Generator<Damage> {
  let told = 0;
  for (const { why, ...row } of found) {
    told += 1;
    yield { row, why: `${table}: ${told > mostTold ? "there is more" : why}` };
    if (told > mostTold) return;
  }
}

function* eventDamage(database: Database.Database): Generator<Found> {
  const rows = database.prepare<[], EventTuple>(`SELECT ${eventColumns} FROM events`).raw();
  for (const row of rows.iterate()) {
    const [, context, sequence, version] = row;
    const [recordedAt, rowCheck, payload, check] = [row[11], row[13], row[14], row[15]];
    const isWhole =
      isSame(rowCheck, () => headerCheck(row)) &&
      isSame(check, () => payloadCheck(context, { sequence, version, recordedAt }, payload));
    if (!isWhole) yield { context, sequence, isDerived: false, why: `the checksum of #${sequence} is wrong` };
  }
}

type CurrentColumns = CurrentRow & { readonly context: number; readonly row_check: number | null };

function* currentDamage(database: Database.Database): Generator<Found> {
  const rows = database.prepare<[], CurrentColumns>("SELECT *, changed_at AS changedAt FROM current_keys");
  for (const row of rows.iterate()) {
    if (isSame(row.row_check, () => currentCheck(row.context, row, placeCheck(row)))) continue;
    const why = `the checksum of ${row.scope} key ${JSON.stringify(row.key)} is wrong`;
    yield { context: row.context, sequence: undefined, isDerived: true, why };
  }
}

function* changeDamage(database: Database.Database): Generator<Found> {
  const rows = database
    .prepare<[], readonly [...ChangeTuple, context: number]>(
      `SELECT ${changeColumns}, k.context FROM key_changes AS k`,
    )
    .raw();
  for (const [scope, key, sequence, created, operation, position, check, context] of rows.iterate()) {
    const place = () => placeCheck({ scope, key, sequence, created });
    if (isSame(check, () => changeCheck(context, position, operation, place()))) continue;
    const why = `the checksum of ${scope} key ${JSON.stringify(key)} at #${sequence} is wrong`;
    yield { context, sequence, isDerived: true, why };
  }
}

/** Tables whose checksum covers their columns in order. */
const plainTables = [
  {
    name: "phases",
    columns: "context, id, name, once, status, started_sequence, ended_sequence",
    isDerived: true,
  },
  { name: "receipts", columns: "context, idempotency_key, sequence, command, outcome", isDerived: true },
  {
    name: "cursors",
    columns: "context, name, sequence, lower(hex(hash)), value, updated_at",
    isDerived: false,
  },
  {
    name: "contexts",
    columns: "id, name, created_at, parent, coalesce(fork_sequence, 0), kept_sequence",
    // Covered where it is there, since rows of an older release have been without it.
    optional: ", floor_sequence",
    isDerived: false,
  },
] as const;

type PlainRow = readonly [check: number | null, context: number, ...rest: (string | number | null)[]];

function* plainDamage(
  database: Database.Database,
  { name, columns, isDerived, ...table }: (typeof plainTables)[number],
): Generator<Found> {
  const optional = "optional" in table ? table.optional : "";
  const rows = database.prepare<[], PlainRow>(`SELECT row_check, ${columns}${optional} FROM ${name}`).raw();
  for (const [check, ...row] of rows.iterate()) {
    const isShort = optional !== "" && row.at(-1) === null;
    if (isSame(check, () => checkOf(isShort ? row.slice(0, -1) : row))) continue;
    const why = `the checksum of the row ${JSON.stringify(row[1])} is wrong`;
    yield { context: row[0], sequence: undefined, isDerived, why };
  }
}

/** What is noted as present after each event is what the key index says. */
function* stateDamage(database: Database.Database): Generator<Found> {
  const contexts = database
    .prepare<[], { id: number; floor: number }>(
      "SELECT id, coalesce(floor_sequence, 0) AS floor FROM contexts WHERE id > 0 AND kept_sequence IS NULL",
    )
    .all();
  for (const { id, floor } of contexts) {
    const sequence = firstUnlike(database, id, floor);
    if (sequence === undefined) continue;
    const why = `what is noted as present after #${sequence} is not what the key index says`;
    yield { context: id, sequence, isDerived: true, why };
  }
}

type Change = Parameters<typeof placeCheck>[0] & { readonly operation: string };

/**
 * The first event beside which something else is noted than its changes, and those before it, leave. Both are
 * read side by side, since neither a long history nor its index has to fit into memory.
 */
function firstUnlike(database: Database.Database, context: number, floor: number): number | undefined {
  const changes = database
    .prepare<[number], Change>(
      "SELECT scope, key, created, sequence, operation FROM key_changes WHERE context = ? ORDER BY sequence",
    )
    .iterate(context);
  const events = database
    .prepare<[number, number], { sequence: number; keys: number | null; marks: number | null }>(
      "SELECT sequence, keys_check AS keys, marks_check AS marks FROM events WHERE context = ? AND sequence >= ? ORDER BY sequence",
    )
    .iterate(context, floor);
  try {
    const places = new Map<string, number>();
    let present: StateCheck = nothingPresent;
    let change = nextOf(changes);
    for (const { sequence, keys, marks } of events) {
      for (; change !== undefined && change.sequence <= sequence; change = nextOf(changes))
        present = applied(present, places, change);
      if (keys !== null && (keys !== present.keys || marks !== present.marks)) return sequence;
    }
    return undefined;
  } finally {
    // One that was begun and not ended would keep the database from all else.
    changes.return?.();
  }
}

function nextOf<Item>(items: Iterator<Item, unknown>): Item | undefined {
  // Nothing comes with the end of rows.
  const { done, value } = items.next() as IteratorResult<Item, undefined>;
  return done === true ? undefined : value;
}

function applied(present: StateCheck, places: Map<string, number>, change: Change): StateCheck {
  const { scope, key, operation } = change;
  const at = `${scope} ${key}`;
  const old = places.get(at);
  const without = old === undefined ? present : toggled(present, scope, old);
  if (operation === "delete" || operation === "unprotect") {
    places.delete(at);
    return without;
  }
  const place = placeCheck(change);
  places.set(at, place);
  return toggled(without, scope, place);
}

/** Rows of an older release have no checksum. */
function isSame(check: number | null, computed: () => number): boolean {
  return check === null || check === computed();
}
