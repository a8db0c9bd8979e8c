import type Database from "better-sqlite3";
import type { Scope } from "../../core/event.js";
import type { KeyChangeRow, PhaseStatus } from "../../projections/rows.js";
import type {
  CurrentRow,
  EventPayload,
  EventPage,
  Log,
  PhaseListing,
  Receipt,
  RowCounts,
  Sizes,
  Stamp,
} from "../engine.js";
import {
  type EventRow,
  eventColumns,
  type HeaderRow,
  headerColumns,
  toHeader,
  toRecord,
} from "./event-row.js";
import { readCursors } from "./cursors.js";
import { type EventTuple, recordOf, tupleColumns } from "./event-tuple.js";
import { readContexts, readLineage } from "./read-contexts.js";
import { readInOrder } from "./read-in-order.js";

/** Prepares every question once and answers the log's reading side. */
export function readLog(database: Database.Database): Log {
  return {
    ...readContexts(database),
    ...readLineage(database),
    ...readEvents(database),
    ...readParts(database),
    ...readInOrder(database),
    ...readKeys(database),
    ...readChanges(database),
    ...readRuns(database),
    ...readCursors(database),
    ...readSizes(database),
  };
}

function readEvents(database: Database.Database): Pick<Log, "head" | "events"> {
  const select = `SELECT ${eventColumns} FROM events WHERE context = ?`;
  const head = database.prepare<[number], EventRow>(`${select} ORDER BY sequence DESC LIMIT 1`);
  const selectMany = `SELECT ${tupleColumns} FROM events WHERE context = ?`;
  const from = (edge: string) =>
    database
      .prepare<[number, number, number], EventTuple>(`${selectMany} AND sequence ${edge} LIMIT ?`)
      .raw();
  const ofType = (edge: string) =>
    database
      .prepare<[number, string, number, number], EventTuple>(
        `${selectMany} AND type = ? AND sequence ${edge} LIMIT ?`,
      )
      .raw();
  const all = { oldest: from(edges.oldest), newest: from(edges.newest) };
  const typed = { oldest: ofType(edges.oldest), newest: ofType(edges.newest) };
  return {
    head: (context) => {
      const row = head.get(context);
      return row === undefined ? undefined : toRecord(row);
    },
    events: (context, { order, after, limit, type }: EventPage) => {
      const start = after ?? beginningOf[order];
      const rows =
        type === undefined
          ? all[order].all(context, start, limit)
          : typed[order].all(context, type, start, limit);
      return rows.map(recordOf);
    },
  };
}

/** Answers about single events, found by their number. */
function readParts(database: Database.Database): Pick<Log, "stamp" | "header" | "payloads"> {
  const of = (columns: string) => `SELECT ${columns} FROM events WHERE context = ? AND sequence = ?`;
  const stamp = database.prepare<[number, number], Stamp>(of("sequence, version, recorded_at AS recordedAt"));
  const header = database.prepare<[number, number], HeaderRow>(of(headerColumns));
  const payload = database.prepare<[number, number], EventPayload>(
    of("sequence, version, recorded_at AS recordedAt, payload"),
  );
  return {
    stamp: (context, sequence) => stamp.get(context, sequence),
    header: (context, sequence) => {
      const row = header.get(context, sequence);
      return row === undefined ? undefined : toHeader(row);
    },
    payloads: (context, sequences) => sequences.flatMap((sequence) => payload.get(context, sequence) ?? []),
  };
}

/** Where a page begins, and in which direction it goes on. */
const edges = { oldest: "> ? ORDER BY sequence", newest: "< ? ORDER BY sequence DESC" } as const;

/** The number beyond which a page begins that names none. */
const beginningOf = { oldest: 0, newest: Number.MAX_SAFE_INTEGER } as const;

/**
 * Walks from key to key by index seeks, so that the cost follows the keys and not the history. What is
 * first or last in the index is asked for in its order: min() and max() take twice the time.
 */
const keysAtSql = `
  WITH RECURSIVE seek (key) AS (
    SELECT * FROM (SELECT key FROM key_changes WHERE context = :context AND scope = :scope ORDER BY key LIMIT 1)
    UNION ALL
    SELECT (
      SELECT key FROM key_changes
      WHERE context = :context AND scope = :scope AND key > seek.key ORDER BY key LIMIT 1
    )
    FROM seek WHERE seek.key IS NOT NULL
  )
  SELECT 'key-changes' AS "table", k.scope, k.key, k.sequence, k.created, k.operation
  FROM seek CROSS JOIN key_changes AS k
    ON k.context = :context AND k.scope = :scope AND k.key = seek.key AND k.sequence = (
      SELECT sequence FROM key_changes
      WHERE context = :context AND scope = :scope AND key = seek.key AND sequence <= :sequence
      ORDER BY sequence DESC LIMIT 1
    )
  WHERE seek.key IS NOT NULL`;

function readKeys(database: Database.Database): Pick<Log, "current" | "keysAt" | "keyChange"> {
  const current = database.prepare<[number], CurrentRow>(
    `SELECT scope, key, created, sequence, version, changed_at AS changedAt, value
     FROM current_keys WHERE context = ? ORDER BY scope, created`,
  );
  const keysAt = database.prepare<[{ context: number; scope: Scope; sequence: number }], KeyChangeRow>(
    keysAtSql,
  );
  const one = database.prepare<[number, Scope, string, number], KeyChangeRow>(
    `SELECT 'key-changes' AS "table", scope, key, sequence, created, operation FROM key_changes
     WHERE context = ? AND scope = ? AND key = ? AND sequence = ?`,
  );
  return {
    current: (context) => current.all(context),
    keysAt: (context, scope, sequence) =>
      keysAt.all({ context, scope, sequence }).sort((a, b) => a.created - b.created),
    keyChange: (context, scope, key, sequence) => one.get(context, scope, key, sequence),
  };
}

/** Answers about the changes of one key, page by page. */
function readChanges(database: Database.Database): Pick<Log, "changesOf" | "payloadsOf"> {
  type Bounds = [number, Scope, string, number, number];
  const prepare = <Row>(select: string, order: "oldest" | "newest") =>
    database.prepare<Bounds, Row>(
      `${select} WHERE k.context = ? AND k.scope = ? AND k.key = ? AND k.sequence ${edges[order]} LIMIT ?`,
    );
  const changesSql = "SELECT k.sequence AS sequence FROM key_changes AS k";
  const changes = {
    oldest: prepare<number>(changesSql, "oldest").pluck(),
    newest: prepare<number>(changesSql, "newest").pluck(),
  };
  const payloadsSql = `SELECT k.sequence AS sequence, e.version, e.recorded_at AS recordedAt, e.payload
    FROM key_changes AS k CROSS JOIN events AS e ON e.position = k.position`;
  const payloads = {
    oldest: prepare<EventPayload>(payloadsSql, "oldest"),
    newest: prepare<EventPayload>(payloadsSql, "newest"),
  };
  return {
    changesOf: (context, scope, key, { order, after, limit }) =>
      changes[order].all(context, scope, key, after ?? beginningOf[order], limit),
    payloadsOf: (context, scope, key, { order, after, limit }) =>
      payloads[order].all(context, scope, key, after ?? beginningOf[order], limit),
  };
}

function readRuns(database: Database.Database): Pick<Log, "receipt" | "phases"> {
  const receipt = database.prepare<[number, string], Receipt>(
    "SELECT sequence, command, outcome FROM receipts WHERE context = ? AND idempotency_key = ?",
  );
  const phases = database.prepare<[{ context: number; status: PhaseStatus | null }], PhaseListing>(
    `SELECT id, name, once, status, started_sequence AS startedSequence, ended_sequence AS endedSequence
     FROM phases WHERE context = :context AND (:status IS NULL OR status = :status) ORDER BY started_sequence`,
  );
  return {
    receipt: (context, idempotencyKey) => receipt.get(context, idempotencyKey),
    phases: (context, status) => phases.all({ context, status: status ?? null }),
  };
}

function readSizes(database: Database.Database): Pick<Log, "sizes" | "storeBytes" | "rowCounts"> {
  const totals = database.prepare<[number], Pick<Sizes, "events" | "eventBytes">>(
    "SELECT count(*) AS events, coalesce(sum(octet_length(payload)), 0) AS eventBytes FROM events WHERE context = ?",
  );
  const counts = database.prepare<[{ context: number }], RowCounts>(
    `SELECT (SELECT count(*) FROM key_changes WHERE context = :context) AS keyChanges,
            (SELECT count(*) FROM receipts WHERE context = :context) AS receipts`,
  );
  const keys = database.prepare<[number], Sizes["keys"][number]>(
    `SELECT k.scope, k.key, coalesce(max(octet_length(c.value)), 0) AS bytes, count(*) AS changes
     FROM key_changes AS k
     LEFT JOIN current_keys AS c ON c.context = k.context AND c.scope = k.scope AND c.key = k.key
     WHERE k.context = ? GROUP BY k.scope, k.key ORDER BY bytes DESC, k.key`,
  );
  return {
    sizes: (context) => ({
      ...(totals.get(context) ?? { events: 0, eventBytes: 0 }),
      keys: keys.all(context),
    }),
    rowCounts: (context) => counts.get({ context }) ?? { keyChanges: 0, receipts: 0 },
    storeBytes: () =>
      // Both pragmas answer with one number.
      (database.pragma("page_count", { simple: true }) as number) *
      (database.pragma("page_size", { simple: true }) as number),
  };
}
