import type Database from "better-sqlite3";
import type { Log, LoggedEvent, LogPage, LogStretch } from "../engine.js";
import { type EventTuple, eventColumns, recordOf } from "./event-tuple.js";
import type { RowGuard } from "./row-guard.js";

/** Prepares the questions about the log as a whole, in order of position. */
export function readInOrder(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "lastPosition" | "eventsAfter"> {
  const last = database
    .prepare<[], number>("SELECT position FROM events ORDER BY position DESC LIMIT 1")
    .pluck();
  const lastPosition = () => last.get() ?? 0;
  const ofStore = storeReader(database, guard, lastPosition);
  const ofContext = contextReader(database, guard, lastPosition);
  return {
    lastPosition,
    eventsAfter: (position, page) =>
      page.context === undefined ? ofStore(position, page) : ofContext(position, page, page.context),
  };
}

function storeReader(database: Database.Database, guard: RowGuard, lastPosition: () => number) {
  const next = database
    .prepare<[number], number>("SELECT position FROM events WHERE position > ? ORDER BY position LIMIT 1")
    .pluck();
  const between = prepareStretch<{ from: number; to: number }>(database, {
    bounds: "position BETWEEN :from AND :to",
    order: "position",
  });
  return (position: number, page: LogPage): LogStretch => {
    // Deleted contexts leave gaps among the positions, which are not looked through.
    const from = next.get(position);
    if (from === undefined) return { events: [], upTo: position };
    // Positions behind the newest one are still to be given.
    const to = Math.min(from + page.limit - 1, lastPosition());
    return takeStretch(between.iterate({ from, to, ...wanted(page) }), page, guard, () => to);
  };
}

function contextReader(database: Database.Database, guard: RowGuard, lastPosition: () => number) {
  const positionOf = database
    .prepare<[number, number], number>("SELECT position FROM events WHERE context = ? AND sequence = ?")
    .pluck();
  const lastUpTo = sequenceFinder(database, positionOf);
  const between = prepareStretch<{ of: number; from: number; to: number }>(database, {
    bounds: "context = :of AND sequence BETWEEN :from AND :to",
    order: "sequence",
  });
  return (position: number, page: LogPage, context: number): LogStretch => {
    const from = lastUpTo(context, position) + 1;
    const to = from + page.limit - 1;
    const rows = between.iterate({ of: context, from, to, ...wanted(page) });
    return takeStretch(
      rows,
      page,
      guard,
      () => positionOf.get(context, to) ?? Math.max(position, lastPosition()),
    );
  };
}

/** Finds a context's last event up to a position, by bisection: its positions grow with its sequences. */
function sequenceFinder(
  database: Database.Database,
  positionOf: Database.Statement<[number, number], number>,
): (context: number, position: number) => number {
  const edge = (order: string) =>
    database
      .prepare<[number], number>(
        `SELECT sequence FROM events WHERE context = ? ORDER BY sequence ${order} LIMIT 1`,
      )
      .pluck();
  const [first, last] = [edge("ASC"), edge("DESC")];
  const floor = database
    .prepare<[number], number | null>("SELECT floor_sequence FROM contexts WHERE id = ?")
    .pluck();
  return (context, position) => {
    const before = floor.get(context) ?? (first.get(context) ?? 1) - 1;
    let [low, high] = [before, last.get(context) ?? 0];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((positionOf.get(context, middle) ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

type LoggedTuple = readonly [...EventTuple, name: string];

interface Wanted {
  readonly names: string | null;
  /** A list as JSON. */
  readonly types: string | null;
  readonly actor: string | null;
}

/** The tables are joined in this order, so that rows come by the bounds, and only what fits is read whole. */
function prepareStretch<Bounds extends object>(
  database: Database.Database,
  { bounds, order }: { readonly bounds: string; readonly order: string },
): Database.Statement<[Bounds & Wanted], LoggedTuple> {
  const stretch = database.prepare<[Bounds & Wanted], LoggedTuple>(
    `SELECT ${eventColumns}, name
     FROM events CROSS JOIN contexts ON contexts.id = events.context
     WHERE ${bounds} AND kept_sequence IS NULL AND (floor_sequence IS NULL OR sequence > floor_sequence)
       AND (:names IS NULL OR (context > 0 AND name GLOB :names))
       AND (:types IS NULL OR type IN (SELECT value FROM json_each(:types)))
       AND (:actor IS NULL OR actor = :actor)
     ORDER BY ${order}`,
  );
  return stretch.raw();
}

function wanted({ names, types, actor }: LogPage): Wanted {
  return { names: names ?? null, types: types ? JSON.stringify(types) : null, actor: actor ?? null };
}

/** Takes rows until they are enough; `end` tells where they lead if all were taken. */
function takeStretch(
  rows: Iterable<LoggedTuple>,
  { characters }: LogPage,
  guard: RowGuard,
  end: () => number,
): LogStretch {
  const events: LoggedEvent[] = [];
  let taken = 0;
  for (const row of rows) {
    const [position, context] = row;
    const [name] = row.slice(-1) as [string];
    const record = recordOf(row, guard);
    events.push({ ...record, position, context, name });
    taken += record.payload.length;
    if (taken >= characters) return { events, upTo: position };
  }
  return { events, upTo: end() };
}
