import type Database from "better-sqlite3";
import type { EventRecord } from "../../core/event.js";
import type { PhaseStatus } from "../../projections/rows.js";
import type { EventPage, Log, PhaseListing, Receipt } from "../engine.js";
import { readCursors } from "./cursors.js";
import { findArchive } from "./find-archive.js";
import {
  type EventTuple,
  eventColumns,
  headerColumns,
  headerOf,
  type HeaderTuple,
  recordOf,
} from "./event-tuple.js";
import { beginningOf, edgesOf } from "./page-edges.js";
import { payloadOf, type PayloadTuple } from "./payload-tuple.js";
import { readChanges } from "./read-changes.js";
import { readContexts, readLineage } from "./read-contexts.js";
import { readFloors } from "./read-floors.js";
import { readInOrder } from "./read-in-order.js";
import { readKeys } from "./read-keys.js";
import { readSizes } from "./read-sizes.js";
import { checkOf } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/** Prepares every question once and answers the log's reading side; the guard lets no damaged row pass. */
export function readLog(database: Database.Database, guard: RowGuard): Log {
  return {
    ...readContexts(database, guard),
    ...readLineage(database, guard),
    ...readFloors(database, guard),
    ...readEvents(database, guard),
    ...readParts(database, guard),
    ...readInOrder(database, guard),
    ...readKeys(database, guard),
    ...readChanges(database, guard),
    ...readRuns(database, guard),
    ...readCursors(database, guard),
    findArchive: (archive) => findArchive(database.name, archive),
    ...readSizes(database),
  };
}

function readEvents(database: Database.Database, guard: RowGuard): Pick<Log, "head" | "events"> {
  const select = `SELECT ${eventColumns} FROM events WHERE context = ?`;
  const head = database.prepare<[number], EventTuple>(`${select} ORDER BY sequence DESC LIMIT 1`).raw();
  const from = (edge: string) =>
    database.prepare<[number, number, number], EventTuple>(`${select} AND sequence ${edge} LIMIT ?`).raw();
  const ofType = (edge: string) =>
    database
      .prepare<[number, string, number, number], EventTuple>(
        `${select} AND type = ? AND sequence ${edge} LIMIT ?`,
      )
      .raw();
  const edges = edgesOf("events");
  const all = { oldest: from(edges.oldest), newest: from(edges.newest) };
  const typed = { oldest: ofType(edges.oldest), newest: ofType(edges.newest) };
  return {
    head: (context) => {
      const row = head.get(context);
      return row === undefined ? undefined : recordOf(row, guard);
    },
    events: (context, { order, after, limit, type }: EventPage) => {
      const start = after ?? beginningOf[order];
      if (type !== undefined)
        return typed[order].all(context, type, start, limit).map((row) => recordOf(row, guard));
      const events = all[order].all(context, start, limit).map((row) => recordOf(row, guard));
      refuseGap(events, guard, context);
      return events;
    },
  };
}

/** A context's events have consecutive numbers: where one is missing, it was lost. */
function refuseGap(events: readonly EventRecord[], guard: RowGuard, context: number): void {
  for (const [index, { sequence }] of events.entries()) {
    const before = events[index - 1] ?? { sequence };
    if (Math.abs(sequence - before.sequence) <= 1) continue;
    const missing = Math.min(sequence, before.sequence) + 1;
    guard.refuse("events", `event #${missing} of context number ${context} is missing`);
  }
}

/** Answers about single events, found by their number. */
function readParts(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "stamp" | "header" | "payloads" | "sequences"> {
  const sequences = database
    .prepare<[number, number, number, number], number>(
      "SELECT sequence FROM events WHERE context = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?",
    )
    .pluck();
  const of = (columns: string) => `SELECT ${columns} FROM events WHERE context = ? AND sequence = ?`;
  const header = database.prepare<[number, number], HeaderTuple>(of(headerColumns)).raw();
  const payload = database
    .prepare<[number, number], PayloadTuple>(of("sequence, version, recorded_at, payload, payload_check"))
    .raw();
  const headerAt = (context: number, at: number) => {
    const row = header.get(context, at);
    return row === undefined ? undefined : headerOf(row, guard);
  };
  const payloadAt = (context: number, at: number) => {
    const row = payload.get(context, at);
    return row === undefined ? [] : [payloadOf(row, context, guard)];
  };
  return {
    stamp: (context, at) => {
      const found = headerAt(context, at);
      if (found === undefined) return undefined;
      const { sequence, version, recordedAt } = found;
      return { sequence, version, recordedAt };
    },
    header: headerAt,
    sequences: (context, { after, upTo, limit }) => sequences.all(context, after, upTo, limit),
    payloads: (context, wanted) => wanted.flatMap((at) => payloadAt(context, at)),
  };
}

type KeyedTuple = readonly [
  idempotencyKey: string,
  sequence: number,
  command: string,
  outcome: string | null,
  check: number | null,
];

function receiptLister(database: Database.Database, guard: RowGuard): Log["receiptsUpTo"] {
  const newest = database
    .prepare<[number, number, number], KeyedTuple>(
      `SELECT idempotency_key, sequence, command, outcome, row_check FROM receipts
       WHERE context = ? AND sequence <= ? ORDER BY sequence DESC LIMIT ?`,
    )
    .raw();
  return (context, upTo, limit) =>
    newest
      .all(context, upTo, limit)
      .reverse()
      .map(([idempotencyKey, sequence, command, outcome, check]) => {
        const columns = [context, idempotencyKey, sequence, command, outcome];
        guard.compare(check, checkOf(columns), "receipts", context, idempotencyKey);
        return { idempotencyKey, sequence, command, outcome };
      });
}

function readRuns(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "receipt" | "receiptsUpTo" | "phases"> {
  const receipt = database.prepare<[number, string], Receipt & Checked>(
    'SELECT sequence, command, outcome, row_check AS "check" FROM receipts WHERE context = ? AND idempotency_key = ?',
  );
  const phases = database.prepare<[{ context: number; status: PhaseStatus | null }], PhaseListing & Checked>(
    `SELECT id, name, once, status, started_sequence AS startedSequence, ended_sequence AS endedSequence,
       row_check AS "check"
     FROM phases WHERE context = :context AND (:status IS NULL OR status = :status) ORDER BY started_sequence`,
  );
  return {
    receipt: (context, idempotencyKey) => {
      const row = receipt.get(context, idempotencyKey);
      if (row === undefined) return undefined;
      const { check, sequence, command, outcome } = row;
      const columns = [context, idempotencyKey, sequence, command, outcome];
      guard.compare(check, checkOf(columns), "receipts", context, idempotencyKey);
      return { sequence, command, outcome };
    },
    receiptsUpTo: receiptLister(database, guard),
    phases: (context, status) =>
      phases.all({ context, status: status ?? null }).map(({ check, ...row }) => {
        const { id, name, once, status, startedSequence, endedSequence } = row;
        const columns = [context, id, name, once, status, startedSequence, endedSequence];
        guard.compare(check, checkOf(columns), "phases", context, id);
        return row;
      }),
  };
}

interface Checked {
  readonly check: number | null;
}
