import type Database from "better-sqlite3";
import type { EventRecord } from "../../core/event.js";
import type { RowWrite } from "../../projections/rows.js";
import type { Log, WritableLog } from "../engine.js";
import { projectionWriter } from "./write-rows.js";

/** Adds the writing side to a log. Whoever calls it holds the write lock. */
export function writeLog(database: Database.Database, log: Log): WritableLog {
  const insert = database.prepare(
    `INSERT INTO events (context, sequence, version, type, payload, actor, cause, phase, batch, tags,
       idempotency_key, recorded_at, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const create = database.prepare<[string, number, number | null, number | null]>(
    "INSERT INTO contexts (name, created_at, parent, fork_sequence) VALUES (?, ?, ?, ?)",
  );
  const position = database
    .prepare<[number, number], number>("SELECT position FROM events WHERE context = ? AND sequence = ?")
    .pluck();
  const rows = projectionWriter(database);
  return {
    ...log,
    createContext: ({ name, createdAt, fork }) =>
      Number(create.run(name, createdAt, fork?.parent ?? null, fork?.sequence ?? null).lastInsertRowid),
    append: (context: number, record: EventRecord, writes: readonly RowWrite[]) => {
      const appended = Number(insert.run(eventValues(context, record)).lastInsertRowid);
      for (const write of writes) rows.write(context, appended, write);
      return appended;
    },
    reproject: (context, sequence, writes) => {
      const found = position.get(context, sequence) ?? 0;
      for (const write of writes) rows.write(context, found, write);
    },
    removeContext: (context) => {
      // The context goes first: the append-only trigger lets events go only after it.
      database.prepare("DELETE FROM contexts WHERE id = ?").run(context);
      database.prepare("DELETE FROM events WHERE context = ?").run(context);
      rows.removeContext(context);
    },
    clearProjections: () => {
      rows.setAside();
    },
    differences: () => rows.differences(),
  };
}

function eventValues(context: number, record: EventRecord): unknown[] {
  return [
    context,
    record.sequence,
    record.version,
    record.type,
    record.payload,
    record.actor,
    record.cause,
    record.phase,
    record.batch,
    record.tags === null ? null : JSON.stringify(record.tags),
    record.idempotencyKey,
    record.recordedAt,
    Buffer.from(record.hash, "hex"),
  ];
}
