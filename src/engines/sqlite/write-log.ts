import type Database from "better-sqlite3";
import type { EventRecord } from "../../core/event.js";
import { largeBytes } from "../../core/with-patches.js";
import type { RowWrite } from "../../projections/rows.js";
import type { EventPayload, Log, WritableLog } from "../engine.js";
import type { AnchoredHead } from "./anchor-record.js";
import { compressPayload, isCompressed } from "./compressed-payload.js";
import { writeCursors } from "./cursors.js";
import { columnsOf, headerCheck } from "./event-tuple.js";
import { countPages } from "./read-sizes.js";
import { payloadCheck } from "./row-check.js";
import type { StateNotes } from "./state-notes.js";
import { ContextRows } from "./write-contexts.js";
import { type ProjectionWriter, projectionWriter } from "./write-rows.js";

/** How events are written. */
export interface EventWriting {
  /** Told of each event that was appended. */
  readonly onAppend: (head: AnchoredHead) => void;
  /** What effects bring is compressed from more bytes than so many; never without a number. */
  readonly compressOverBytes: number | undefined;
}

/**
 * Adds the writing side to a log. Whoever calls it holds the write lock, and has `notes` forget when a transaction
 * begins.
 */
export function writeLog(
  database: Database.Database,
  log: Log,
  notes: StateNotes,
  writing: EventWriting,
): WritableLog {
  const contexts = new ContextRows(database);
  const rows = projectionWriter(database, notes, contexts);
  const cursors = writeCursors(database);
  return {
    ...log,
    ...writeContexts(database, contexts, rows, cursors),
    ...writeEvents(database, rows, notes, writing),
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
  { onAppend, compressOverBytes }: EventWriting,
): Pick<WritableLog, "append" | "erase" | "reproject"> {
  const insert = database.prepare(insertSql);
  const positionOf = database
    .prepare<[number, number], number>("SELECT position FROM events WHERE context = ? AND sequence = ?")
    .pluck();
  return {
    append: (context: number, record: EventRecord, writes: readonly RowWrite[]) => {
      const { last, present } = notes.before(context, record.sequence);
      const position = last + 1;
      const after = rows.write(context, position, writes, present);
      const columns = columnsOf(position, context, record);
      const payload = storedText(record.payload, compressOverBytes);
      insert.run(
        ...columns,
        headerCheck(columns),
        payload,
        payloadCheck(context, record, payload),
        after.keys,
        after.marks,
      );
      notes.remember({ context, sequence: record.sequence, position, present: after });
      onAppend({ position, hash: record.hash });
      return position;
    },
    erase: payloadEraser(database, compressOverBytes),
    reproject: (context, sequence, writes) => {
      rows.rewrite(context, { sequence, position: positionOf.get(context, sequence) ?? 0 }, writes);
    },
  };
}

interface FoundPlace extends Omit<EventPayload, "payload"> {
  readonly position: number;
  /** Of the payload. */
  readonly beginning: string;
}

function payloadEraser(
  database: Database.Database,
  compressOverBytes: number | undefined,
): WritableLog["erase"] {
  const found = database.prepare<[number, number], FoundPlace>(
    `SELECT position, sequence, version, recorded_at AS recordedAt, substr(payload, 1, 16) AS beginning
     FROM events WHERE context = ? AND sequence = ?`,
  );
  const update = database.prepare<[string, number, number]>(
    "UPDATE events SET payload = ?, payload_check = ? WHERE position = ?",
  );
  return (context, sequence, left) => {
    const event = found.get(context, sequence);
    if (event === undefined) return;
    // What is large stays compressed, whoever erases something beside it.
    const overBytes = compressOverBytes ?? (isCompressed(event.beginning) ? largeBytes : undefined);
    const payload = storedText(left, overBytes);
    update.run(payload, payloadCheck(context, event, payload), event.position);
  };
}

function storedText(payload: string, compressOverBytes: number | undefined): string {
  return compressOverBytes === undefined ? payload : compressPayload(payload, compressOverBytes);
}
