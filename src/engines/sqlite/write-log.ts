import type Database from "better-sqlite3";
import type { EventRecord } from "../../core/event.js";
import type { RowWrite } from "../../projections/rows.js";
import type { EventPayload, Log, WritableLog } from "../engine.js";
import type { AnchoredHead } from "./anchor-record.js";
import { writeCursors } from "./cursors.js";
import { columnsOf, headerCheck } from "./event-tuple.js";
import { countPages } from "./read-sizes.js";
import { payloadCheck } from "./row-check.js";
import type { StateNotes } from "./state-notes.js";
import { ContextRows } from "./write-contexts.js";
import { type ProjectionWriter, projectionWriter } from "./write-rows.js";

/**
 * Adds the writing side to a log. Whoever calls it holds the write lock, and has `notes` forget when a transaction
 * begins; each event appended is told of.
 */
export function writeLog(
  database: Database.Database,
  log: Log,
  notes: StateNotes,
  onAppend: (head: AnchoredHead) => void,
): WritableLog {
  const contexts = new ContextRows(database);
  const rows = projectionWriter(database, notes, contexts);
  const cursors = writeCursors(database);
  return {
    ...log,
    ...writeContexts(database, contexts, rows, cursors),
    ...writeEvents(database, rows, notes, onAppend),
    ...writePruning(database, contexts, rows),
    ...cursors,
    releasePages: (pages) => {
      // Without a number, it would release them all; it gives a row for each, so it is not run as a pragma.
      if (pages > 0) database.exec(`PRAGMA incremental_vacuum(${pages})`);
      return countPages(database);
    },
    clearProjections: () => {
      rows.setAside();
    },
    differences: () => rows.differences(),
  };
}

function writeContexts(
  database: Database.Database,
  contexts: ContextRows,
  rows: ProjectionWriter,
  cursors: Pick<WritableLog, "removeCursors">,
): Pick<WritableLog, "createContext" | "removeContext" | "keepForForks"> {
  const removal = database.prepare<[number]>("DELETE FROM contexts WHERE id = ?");
  const events = "DELETE FROM events WHERE context = ?";
  const eventsRemoval = database.prepare<[number]>(events);
  const endRemoval = database.prepare<[number, number]>(`${events} AND sequence > ?`);
  return {
    createContext: (context) => contexts.create(context),
    removeContext: (context) => {
      // The context goes first: the append-only trigger lets events go only after it.
      removal.run(context);
      eventsRemoval.run(context);
      rows.removeContext(context);
      void cursors.removeCursors(context);
    },
    keepForForks: (context, upTo) => {
      contexts.keep(context, upTo);
      endRemoval.run(context, upTo);
      rows.keepIndex(context, upTo);
      void cursors.removeCursors(context);
    },
  };
}

function writePruning(
  database: Database.Database,
  contexts: ContextRows,
  rows: ProjectionWriter,
): Pick<WritableLog, "setFloor" | "removeEvents" | "removeChanges"> {
  const removal = database.prepare<[number, number]>("DELETE FROM events WHERE context = ? AND sequence = ?");
  return {
    setFloor: (context, sequence, oldestReceipt) => {
      contexts.setFloor(context, sequence);
      rows.removeRuns(context, sequence, oldestReceipt);
    },
    removeEvents: (context, sequences) => {
      for (const sequence of sequences) removal.run(context, sequence);
    },
    removeChanges: (context, places) => {
      for (const place of places) rows.removeChange(context, place);
    },
  };
}

const insertSql = `INSERT INTO events (position, context, sequence, version, type, actor, cause, phase, batch,
    tags, idempotency_key, recorded_at, hash, row_check, payload, payload_check, keys_check, marks_check)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?), ?, ?, ?, ?, ?)`;

function writeEvents(
  database: Database.Database,
  rows: ProjectionWriter,
  notes: StateNotes,
  onAppend: (head: AnchoredHead) => void,
): Pick<WritableLog, "append" | "erase" | "reproject"> {
  const insert = database.prepare(insertSql);
  const found = database.prepare<[number, number], Omit<EventPayload, "payload"> & { position: number }>(
    "SELECT position, sequence, version, recorded_at AS recordedAt FROM events WHERE context = ? AND sequence = ?",
  );
  const erase = database.prepare<[string, number, number]>(
    "UPDATE events SET payload = ?, payload_check = ? WHERE position = ?",
  );
  return {
    append: (context: number, record: EventRecord, writes: readonly RowWrite[]) => {
      const { last, present } = notes.before(context, record.sequence);
      const position = last + 1;
      const after = rows.write(context, position, writes, present);
      const columns = columnsOf(position, context, record);
      insert.run(
        ...columns,
        headerCheck(columns),
        record.payload,
        payloadCheck(context, record, record.payload),
        after.keys,
        after.marks,
      );
      notes.remember({ context, sequence: record.sequence, position, present: after });
      onAppend({ position, hash: record.hash });
      return position;
    },
    erase: (context, sequence, payload) => {
      const event = found.get(context, sequence);
      if (event !== undefined) erase.run(payload, payloadCheck(context, event, payload), event.position);
    },
    reproject: (context, sequence, writes) => {
      rows.rewrite(context, { sequence, position: found.get(context, sequence)?.position ?? 0 }, writes);
    },
  };
}
