import type { EventHeader, EventRecord } from "../../core/event.js";
import type { KeyChangeRow } from "../../projections/rows.js";
import type { ContextRow, CurrentRow, EventPage, EventPayload, Floor, KeyedReceipt, Log } from "../engine.js";
import { compileGlob } from "../../core/glob.js";
import { compareCodePoints } from "./code-point-order.js";
import { readCursors } from "./cursors.js";
import { listContexts } from "./list-contexts.js";
import { readInOrder } from "./read-in-order.js";
import { readSizes } from "./read-sizes.js";
import { countUpTo, findAt, lastUpTo } from "./sequence-order.js";
import type { ContextTable, Projections, Tables } from "./tables.js";

/** Answers the log's reading side from the tables, at once. */
export function readLog(tables: Tables): Log {
  return {
    // Nobody but this handle ever writes.
    changeMark: () => 0,
    findContext: (name) => findContext(tables, name),
    hasContext: (context) => presentOf(tables, context) !== undefined,
    contextName: (context) => presentOf(tables, context)?.name,
    floor: (context) => tables.contexts.get(context)?.floorSequence ?? 0,
    newestFloor: (position, of) => newestFloor(tables, position, of),
    everyContext: () =>
      [...tables.contexts.values()]
        .filter(({ context }) => context > 0)
        .sort((a, b) => a.context - b.context)
        .map(toRow),
    lineage: (context) => lineage(tables, context),
    forksOf: (context) => [...tables.contexts.values()].filter(({ parent }) => parent === context).map(toRow),
    // The store's own stream is always there and does not count.
    countContexts: () => [...tables.contexts.values()].filter(isPresent).length - 1,
    listContexts: (filter) => listContexts(tables, filter),
    ...readEvents(tables),
    ...readInOrder(tables),
    ...readRows(tables),
    ...readRuns(tables),
    ...readCursors(tables),
    findArchive: ({ file }) => file,
    ...readSizes(tables),
  };
}

function findContext(tables: Tables, wanted: string): ContextRow | undefined {
  const table = tables.contexts.get(tables.numbers.get(wanted) ?? 0);
  return table === undefined || table.context === 0 ? undefined : toRow(table);
}

function newestFloor(
  { places, contexts }: Tables,
  after: number,
  { context: only, names }: Parameters<Log["newestFloor"]>[1],
): Floor | undefined {
  const fits = names === undefined ? () => true : compileGlob(names);
  return [...places].reverse().find(({ position, context, sequence }) => {
    const table = contexts.get(context);
    if (table === undefined || !isPresent(table) || position <= after) return false;
    return table.floorSequence === sequence && (only === undefined || only === context) && fits(table.name);
  });
}

function lineage(tables: Tables, context: number): ContextRow[] {
  const rows: ContextRow[] = [];
  for (
    let next = tables.contexts.get(context);
    next !== undefined;
    next = tables.contexts.get(next.parent ?? -1)
  ) {
    rows.push(toRow(next));
  }
  return rows;
}

function presentOf(tables: Tables, context: number): ContextTable | undefined {
  const table = tables.contexts.get(context);
  return table !== undefined && isPresent(table) ? table : undefined;
}

function isPresent({ keptSequence }: ContextTable): boolean {
  return keptSequence === null;
}

function toRow(table: ContextTable): ContextRow {
  const { context, name, createdAt, parent, forkSequence, keptSequence, floorSequence } = table;
  return { context, name, createdAt, parent, forkSequence, keptSequence, floorSequence };
}

function readEvents(
  tables: Tables,
): Pick<Log, "head" | "stamp" | "header" | "payloads" | "events" | "sequences"> {
  const eventsOf = (context: number) => tables.contexts.get(context)?.events ?? [];
  return {
    head: (context) => eventsOf(context).at(-1),
    stamp: (context, sequence) => {
      const event = findAt(eventsOf(context), sequence);
      return event && { sequence, version: event.version, recordedAt: event.recordedAt };
    },
    header: (context, sequence) => {
      const event = findAt(eventsOf(context), sequence);
      return event && headerOf(event);
    },
    sequences: (context, { after, upTo, limit }) => {
      const events = eventsOf(context);
      const begin = countUpTo(events, after);
      const end = Math.min(begin + limit, countUpTo(events, upTo));
      return events.slice(begin, end).map(({ sequence }) => sequence);
    },
    payloads: (context, sequences) => sequences.flatMap((sequence) => payloadAt(tables, context, sequence)),
    events: (context, { type, ...page }) => {
      const events = eventsOf(context);
      return pageOf(type === undefined ? events : events.filter((event) => event.type === type), page);
    },
  };
}

/** The payload of one event, or none. */
function payloadAt(tables: Tables, context: number, sequence: number): readonly EventPayload[] {
  const event = findAt(tables.contexts.get(context)?.events ?? [], sequence);
  if (event === undefined) return [];
  const { version, recordedAt, payload } = event;
  return [{ sequence, version, recordedAt, payload }];
}

function headerOf(event: EventRecord): EventHeader {
  const { sequence, version, type, recordedAt, actor, cause, phase, batch, tags, idempotencyKey } = event;
  return { sequence, version, type, recordedAt, actor, cause, phase, batch, tags, idempotencyKey };
}

function pageOf<Row extends { readonly sequence: number }>(
  rows: readonly Row[],
  { order, after, limit }: EventPage,
): Row[] {
  if (order === "oldest") {
    const start = countUpTo(rows, after ?? 0);
    return rows.slice(start, start + limit);
  }
  const end = after === undefined ? rows.length : countUpTo(rows, after - 1);
  return rows.slice(Math.max(0, end - limit), end).reverse();
}

function readRows(
  tables: Tables,
): Pick<Log, "current" | "keysAt" | "changesOf" | "payloadsOf" | "keyChange"> {
  const projections = (context: number) => tables.contexts.get(context)?.projections;
  return {
    current: (context) =>
      [...(projections(context)?.current ?? [])]
        .sort(([a], [b]) => compareCodePoints(a, b))
        .flatMap(([, rows]) => byCreation([...rows.values()])),
    keysAt: (context, scope, sequence) => {
      const changes = projections(context)?.changes.get(scope);
      return byCreation([...(changes?.values() ?? [])].flatMap((list) => lastUpTo(list, sequence) ?? []));
    },
    changesOf: (context, scope, key, page) =>
      pageOf(projections(context)?.changes.get(scope)?.get(key) ?? [], page).map(({ sequence }) => sequence),
    keyChange: (context, scope, key, sequence) =>
      findAt(projections(context)?.changes.get(scope)?.get(key) ?? [], sequence),
    payloadsOf: (context, scope, key, page) =>
      pageOf(projections(context)?.changes.get(scope)?.get(key) ?? [], page).flatMap(({ sequence }) =>
        payloadAt(tables, context, sequence),
      ),
  };
}

function readRuns(tables: Tables): Pick<Log, "receipt" | "receiptsUpTo" | "phases"> {
  const projections = (context: number) => tables.contexts.get(context)?.projections;
  return {
    receipt: (context, idempotencyKey) => projections(context)?.receipts.get(idempotencyKey),
    receiptsUpTo: (context, upTo, limit) => receiptsUpTo(projections(context), upTo).slice(-limit),
    phases: (context, status) =>
      [...(projections(context)?.phases.values() ?? [])]
        .filter((phase) => status === undefined || phase.status === status)
        .sort((a, b) => a.startedSequence - b.startedSequence),
  };
}

function receiptsUpTo(projections: Projections | undefined, upTo: number): KeyedReceipt[] {
  return [...(projections?.receipts ?? [])]
    .map(([idempotencyKey, receipt]) => ({ idempotencyKey, ...receipt }))
    .filter(({ sequence }) => sequence <= upTo)
    .sort((a, b) => a.sequence - b.sequence);
}

function byCreation<Row extends CurrentRow | KeyChangeRow>(rows: Row[]): Row[] {
  return rows.sort((a, b) => a.created - b.created || compareCodePoints(a.key, b.key));
}
