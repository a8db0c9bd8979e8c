import type { CursorRow } from "../../core/cursor.js";
import type { EventRecord } from "../../core/event.js";
import type { Log, NewContext, WritableLog } from "../engine.js";
import { writeCursors } from "./cursors.js";
import { countUpTo, findAt } from "./sequence-order.js";
import { countDifferences } from "./differences.js";
import { type ContextTable, emptyProjections, type Tables } from "./tables.js";
import { writePruning } from "./write-pruning.js";
import { writeRow } from "./write-rows.js";

/** Adds the writing side to a log; every change goes through the journal. */
export function writeLog(tables: Tables, log: Log): WritableLog {
  const cursors = writeCursors(tables);
  return {
    ...log,
    createContext: (created) => createContext(tables, created),
    append: (context, record, rows) => {
      const table = getContext(tables, context);
      insertEvent(tables, table, record);
      for (const row of rows) writeRow(tables, table, row);
      return addPlace(tables, context, record.sequence);
    },
    erase: (context, sequence, payload) => {
      erase(tables, getContext(tables, context), sequence, payload);
    },
    ...writePruning(tables),
    removeContext: (context) => {
      const table = tables.contexts.get(context);
      if (table === undefined) return;
      // One that was kept for its forks has lost its name, which may be another context's by now.
      if (tables.numbers.get(table.name) === context) tables.journal.delete(tables.numbers, table.name);
      tables.journal.delete(tables.contexts, context);
      removePlaces(tables, context);
    },
    keepForForks: (context, upTo) => {
      keepForForks(tables, getContext(tables, context), upTo);
      void cursors.removeCursors(context);
    },
    releasePages: () => log.storeSizes(),
    clearProjections: () => {
      setAside(tables);
    },
    reproject: (context, _sequence, rows) => {
      const table = getContext(tables, context);
      for (const row of rows) writeRow(tables, table, row);
    },
    differences: () => takeDifferences(tables),
    ...cursors,
  };
}

function createContext(tables: Tables, { name, createdAt, fork }: NewContext): number {
  if (tables.numbers.has(name))
    throw new Error("A context of that name exists; this is a bug in durable-context.");
  const context = (tables.lastContext += 1);
  const origin = {
    parent: fork?.parent ?? null,
    forkSequence: fork?.sequence ?? 0,
    keptSequence: null,
    floorSequence: 0,
  };
  const rows = { events: [], projections: emptyProjections(), cursors: new Map<string, CursorRow>() };
  const table = { context, name, createdAt, ...origin, ...rows };
  tables.journal.set(tables.contexts, context, table);
  tables.journal.set(tables.numbers, name, context);
  return context;
}

function keepForForks({ journal, numbers }: Tables, table: ContextTable, upTo: number): void {
  const { name, keptSequence, projections } = table;
  const changes = new Map(
    [...projections.changes].map(([scope, keys]) => [
      scope,
      new Map([...keys].map(([key, list]) => [key, list.filter(({ sequence }) => sequence <= upTo)])),
    ]),
  );
  if (numbers.get(name) === table.context) journal.delete(numbers, name);
  journal.change(
    () => Object.assign(table, { keptSequence: upTo, projections: { ...emptyProjections(), changes } }),
    () => Object.assign(table, { keptSequence, projections }),
  );
  const gone = table.events.slice(countUpTo(table.events, upTo));
  journal.change(
    () => void table.events.splice(-gone.length, gone.length),
    () => void table.events.push(...gone),
  );
}

function getContext(tables: Tables, context: number): ContextTable {
  const table = tables.contexts.get(context);
  if (table === undefined)
    throw new Error(`There is no context ${context}; this is a bug in durable-context.`);
  return table;
}

function insertEvent(tables: Tables, { context, events }: ContextTable, record: EventRecord): void {
  if (findAt(events, record.sequence) !== undefined) {
    throw new Error(`Context ${context} has an event #${record.sequence}; this is a bug in durable-context.`);
  }
  tables.journal.insert(events, countUpTo(events, record.sequence), ownCopy(record));
}

function addPlace(tables: Tables, context: number, sequence: number): number {
  const position = (tables.lastPosition += 1);
  const place = Object.freeze({ position, context, sequence });
  tables.journal.insert(tables.places, tables.places.length, place);
  return position;
}

function removePlaces(tables: Tables, removed: number): void {
  const before = tables.places;
  tables.journal.change(
    () => (tables.places = before.filter(({ context }) => context !== removed)),
    () => (tables.places = before),
  );
}

/** The record alone, without whatever else the given object carries, and safe from its holder. */
function ownCopy(record: EventRecord): EventRecord {
  const {
    sequence,
    version,
    type,
    payload,
    actor,
    cause,
    phase,
    batch,
    tags,
    idempotencyKey,
    recordedAt,
    hash,
  } = record;
  const origin = { actor, cause, phase, batch, tags: tags && Object.freeze({ ...tags }), idempotencyKey };
  return Object.freeze({ sequence, version, type, payload, ...origin, recordedAt, hash });
}

function erase({ journal }: Tables, { events }: ContextTable, sequence: number, payload: string): void {
  const index = countUpTo(events, sequence) - 1;
  const event = events[index];
  if (event?.sequence !== sequence)
    throw new Error(`There is no event #${sequence} to erase from; this is a bug in durable-context.`);
  journal.change(
    () => (events[index] = Object.freeze({ ...event, payload })),
    () => (events[index] = event),
  );
}

/** Counts how the projections differ from those set aside, which are then forgotten. */
function takeDifferences(tables: Tables): Readonly<Record<string, number>> {
  const { aside } = tables;
  if (aside === undefined)
    throw new Error("No projections were set aside; this is a bug in durable-context.");
  tables.journal.change(
    () => (tables.aside = undefined),
    () => (tables.aside = aside),
  );
  return countDifferences(tables.contexts, aside);
}

function setAside(tables: Tables): void {
  const { aside } = tables;
  if (aside !== undefined)
    throw new Error("Projections are set aside already; this is a bug in durable-context.");
  const all = [...tables.contexts.values()];
  const before = new Map(all.map(({ context, projections }) => [context, projections]));
  tables.journal.change(
    () => (tables.aside = before),
    () => (tables.aside = aside),
  );
  for (const table of all) {
    const { projections } = table;
    tables.journal.change(
      () => (table.projections = emptyProjections()),
      () => (table.projections = projections),
    );
  }
}
