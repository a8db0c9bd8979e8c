import type Database from "better-sqlite3";
import type { EventRecord } from "../../core/event.js";
import type { RowWrite } from "../../projections/rows.js";
import type { Log, WritableLog } from "../engine.js";
import type { AnchoredHead } from "./anchor-record.js";
import { writeCursors } from "./cursors.js";
import { type ProjectionWriter, projectionWriter } from "./write-rows.js";

/** Adds the writing side to a log. Whoever calls it holds the write lock; each event appended is told of. */
export function writeLog(
  database: Database.Database,
  log: Log,
  onAppend: (head: AnchoredHead) => void,
): WritableLog {
  const rows = projectionWriter(database);
  const cursors = writeCursors(database);
  return {
    ...log,
    ...writeContexts(database, rows, cursors),
    ...writeEvents(database, rows, onAppend),
    ...cursors,
    clearProjections: () => {
      rows.setAside();
    },
    differences: () => rows.differences(),
  };
}

function writeContexts(
  database: Database.Database,
  rows: ProjectionWriter,
  cursors: Pick<WritableLog, "removeCursors">,
): Pick<WritableLog, "createContext" | "removeContext" | "keepForForks"> {
  const create = database.prepare<[string, number, number | null, number | null]>(
    "INSERT INTO contexts (name, created_at, parent, fork_sequence) VALUES (?, ?, ?, ?)",
  );
  return {
    createContext: ({ name, createdAt, fork }) =>
      Number(create.run(name, createdAt, fork?.parent ?? null, fork?.sequence ?? null).lastInsertRowid),
    removeContext: (context) => {
      // The context goes first: the append-only trigger lets events go only after it.
      database.prepare("DELETE FROM contexts WHERE id = ?").run(context);
      database.prepare("DELETE FROM events WHERE context = ?").run(context);
      rows.removeContext(context);
      void cursors.removeCursors(context);
    },
    keepForForks: (context, upTo) => {
      // No name can hold a NUL, so this one is nobody's.
      database
        .prepare("UPDATE contexts SET name = char(0) || id, kept_sequence = ? WHERE id = ?")
        .run(upTo, context);
      database.prepare("DELETE FROM events WHERE context = ? AND sequence > ?").run(context, upTo);
      rows.keepIndex(context, upTo);
      void cursors.removeCursors(context);
    },
  };
}

function writeEvents(
  database: Database.Database,
  rows: ProjectionWriter,
  onAppend: (head: AnchoredHead) => void,
): Pick<WritableLog, "append" | "erase" | "reproject"> {
  const insert = database.prepare(
    `INSERT INTO events (context, sequence, version, type, payload, actor, cause, phase, batch, tags,
       idempotency_key, recorded_at, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const position = database
    .prepare<[number, number], number>("SELECT position FROM events WHERE context = ? AND sequence = ?")
    .pluck();
  const erase = database.prepare<[string, number, number]>(
    "UPDATE events SET payload = ? WHERE context = ? AND sequence = ?",
  );
  return {
    append: (context: number, record: EventRecord, writes: readonly RowWrite[]) => {
      const appended = Number(insert.run(eventValues(context, record)).lastInsertRowid);
      for (const write of writes) rows.write(context, appended, write);
      onAppend({ position: appended, hash: record.hash });
      return appended;
    },
    erase: (context, sequence, payload) => {
      erase.run(payload, context, sequence);
    },
    reproject: (context, sequence, writes) => {
      const found = position.get(context, sequence) ?? 0;
      for (const write of writes) rows.write(context, found, write);
    },
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
