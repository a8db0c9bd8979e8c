import type { Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { CursorListing, CursorRow } from "../core/cursor.js";
import type { EventRecord } from "../core/event.js";
import type { Taken } from "../core/value/codec.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { EffectReader } from "./effect-reader.js";
import { eventAt } from "./line.js";
import { withContext } from "./read-past.js";
import type { RecordedEvent } from "./recorded-event.js";
import { firstLimit, limitAfter, readRecords } from "./replay-range.js";
import type { Site } from "./site.js";
import { stampAt } from "./view-at.js";
import { type Live, nameOf } from "./workplace.js";

/** What a fold does with events, and how it is kept. */
export interface Fold {
  /** Begins with what was kept, or anew. */
  readonly begin: (kept: string | undefined) => void;
  readonly add: (event: RecordedEvent) => void;
  /** What it has made by now, fit to be kept. */
  readonly take: () => Taken;
}

/**
 * Folds the events of a context up to a point, or to the newest one.
 * @throws {ContextError} ADDRESS_NOT_FOUND, and what the fold throws
 */
export function* foldEvents(site: Site, live: Live, fold: Fold, to: Point | undefined): Program<void> {
  const upTo = yield* endOf(site, live, to);
  fold.begin(undefined);
  yield* walk(site, live, { after: 0, upTo }, (event) => {
    fold.add(event);
    return undefined;
  });
}

/**
 * Does the same from where a cursor stands, and moves it along. What was made and how far it reaches are kept
 * together, so each event is in it once; where another fold of the same name was faster, this one goes on from
 * what that one has kept.
 * @throws {ContextError} BATCH_UNSUPPORTED, OPTION_INVALID where the cursor is beyond the point
 */
export function* foldOn(
  site: Site,
  live: Live,
  fold: Fold,
  { cursor, to }: { readonly cursor: string; readonly to: Point | undefined },
): Program<void> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Folding with a cursor" });
  const upTo = yield* endOf(site, live, to);
  for (let isKept = false; !isKept;) {
    const found = yield* findCursor(site, live, cursor);
    const after = found.isValid ? (found.row?.sequence ?? 0) : 0;
    if (to !== undefined && after > upTo) throw beyond(cursor, after);
    fold.begin(found.isValid ? found.row?.value : undefined);
    isKept = yield* foldFrom(site, live, fold, { found: found.row, cursor, after, upTo });
  }
}

/** Folds on from a cursor as it was found; false says that somebody else has moved it meanwhile. */
function* foldFrom(
  site: Site,
  live: Live,
  fold: Fold,
  {
    found,
    cursor,
    after,
    upTo,
  }: { found: CursorRow | undefined; cursor: string; after: number; upTo: number },
): Program<boolean> {
  const { now } = site.host;
  let kept = found;
  let last: EventRecord | undefined;
  let [unkept, keptAt] = [0, now()];
  const keep = function* (record: EventRecord): Program<boolean> {
    const { sequence, hash } = record;
    const row: CursorRow = { name: cursor, sequence, hash, value: fold.take().text, updatedAt: now() };
    const isKept = yield* replaceCursor(site, live, kept, row);
    [kept, unkept, keptAt] = [row, 0, now()];
    return isKept;
  };
  const isWalked = yield* walk(site, live, { after, upTo }, (event) => {
    fold.add(event);
    last = event.record;
    unkept += 1;
    return unkept >= eventsBetween || now() - keptAt >= msBetween ? keep(last) : undefined;
  });
  if (!isWalked) return false;
  return unkept === 0 || last === undefined || (yield* keep(last));
}

/** The cursor is moved after so many events, or so long a time, and at the end: what a kill makes undone is little. */
const eventsBetween = 10_000;
const msBetween = 1_000;

interface FoundCursor {
  readonly row: CursorRow | undefined;
  /** Whether the history is the one that the cursor went along. */
  readonly isValid: boolean;
}

function* findCursor(site: Site, live: Live, name: string): Program<FoundCursor> {
  return yield* withContext(site, live, function* (log): Program<FoundCursor> {
    const row = yield* wait(log.cursor(live.context, name));
    if (row === undefined) return { row, isValid: true };
    const event = yield* eventAt(log, live.line, row.sequence);
    return { row, isValid: event?.hash === row.hash };
  });
}

/** Moves a cursor, unless it is not where it was found any more. */
function* replaceCursor(
  site: Site,
  live: Live,
  found: CursorRow | undefined,
  row: CursorRow,
): Program<boolean> {
  return yield* site.engine.write(function* (log) {
    if (!(yield* wait(log.hasContext(live.context))))
      throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
    const present = yield* wait(log.cursor(live.context, row.name));
    if (present?.sequence !== found?.sequence || present?.hash !== found?.hash) return false;
    yield* wait(log.saveCursor(live.context, row));
    return true;
  });
}

function* endOf(site: Site, live: Live, to: Point | undefined): Program<number> {
  return yield* withContext(site, live, function* (log: Log, name) {
    const end =
      to === undefined
        ? yield* wait(log.head(live.context))
        : yield* stampAt(site, log, live, { name, point: to });
    return end?.sequence ?? 0;
  });
}

/** Goes through events in order. A visitor may give a program to run before the next one; false from it stops the walk. */
function* walk(
  site: Site,
  live: Live,
  { after: start, upTo }: { readonly after: number; readonly upTo: number },
  visit: (event: RecordedEvent) => Program<boolean> | undefined,
): Program<boolean> {
  const reader = new EffectReader(live.line, site.codec);
  let limit = firstLimit;
  for (let after = start; after < upTo;) {
    const { records, ownerOf } = yield* readRecords(site, live, { after, upTo, limit, reader });
    for (const record of records) {
      const pause = visit(reader.read(record, ownerOf(record.sequence)));
      if (pause !== undefined && !(yield* pause)) return false;
      after = record.sequence;
    }
    if (records.length === 0) return true;
    limit = limitAfter(limit, records);
  }
  return true;
}

function beyond(cursor: string, sequence: number): ContextError {
  const why = `the cursor ${JSON.stringify(cursor)} is at event #${sequence} already; fold without it`;
  return new ContextError("OPTION_INVALID", { option: "to", why });
}

/** The cursors of a context, by name. */
export function* listCursors(site: Site, live: Live): Program<readonly CursorListing[]> {
  return yield* withContext(site, live, (log) => wait(log.cursors(live.context)));
}

/**
 * Forgets a cursor; tells whether there was one.
 * @throws {ContextError} BATCH_UNSUPPORTED
 */
export function* deleteCursor(site: Site, live: Live, name: string): Program<boolean> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Deleting a cursor" });
  return yield* site.engine.write((log) => wait(log.removeCursor(live.context, name)));
}
