import type { Point } from "../core/address.js";
import type { EventHeader, EventRecord } from "../core/event.js";
import { Moment } from "../core/moment.js";
import { initialState } from "../core/state.js";
import { type Program, wait } from "../program/program.js";
import type { EffectReader } from "./effect-reader.js";
import { eventOfVersion } from "./event-of-version.js";
import { eventsIn, floorOf } from "./line.js";
import { headerIn, ownersIn } from "./owned.js";
import { requireAbove } from "./pruned.js";
import { withContext } from "./read-past.js";
import type { Site } from "./site.js";
import { stateAt } from "./state-at.js";
import { stampAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/** The event that made a version, without what it did. */
export interface Maker {
  readonly record: EventHeader;
  /** The present id of the context that recorded it. */
  readonly owner: string;
}

/** Where a replay begins, and the last event it applies. */
export interface ReplayStart {
  readonly moment: Moment;
  /** The event that made the version it begins at; undefined where nothing was made yet. */
  readonly maker: Maker | undefined;
  readonly after: number;
  readonly upTo: number;
}

/**
 * Finds where a replay begins and ends: before the first event and with the newest one, unless points are
 * named.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* startReplay(
  site: Site,
  live: Live,
  { from, to }: { readonly from: Point | undefined; readonly to: Point | undefined },
): Program<ReplayStart> {
  return yield* withContext(site, live, function* (log, name) {
    const { line } = live;
    const end =
      to === undefined
        ? yield* wait(log.head(live.context))
        : yield* stampAt(site, log, live, { name, point: to });
    const upTo = end?.sequence ?? 0;
    const floor = floorOf(line);
    if (from === undefined && floor === 0)
      return { moment: Moment.of(initialState), maker: undefined, after: 0, upTo };
    const point = from ?? { kind: "sequence", sequence: floor };
    const stamp = yield* stampAt(site, log, live, { name, point });
    const state = yield* stateAt(site, log, line, stamp.sequence);
    const made = yield* headerIn(log, line, name, yield* eventOfVersion(log, line, stamp));
    const maker = made && { record: made, owner: made.owner };
    return { moment: Moment.of(state), maker, after: stamp.sequence, upTo };
  });
}

/** Where a walk through the events of a context goes on, and how far. */
export interface WalkPlace {
  /** The last event that was passed. */
  readonly after: number;
  readonly upTo: number;
  /** How many events to read next. */
  readonly limit: number;
  /** Reads what the events of each page did, one page after the other. */
  readonly reader: EffectReader;
}

/** Some events as they were recorded, in order, and who recorded each. */
export interface RecordPage {
  /** The present id of the context that was asked. */
  readonly name: string;
  readonly records: readonly EventRecord[];
  readonly ownerOf: (sequence: number) => string;
}

/**
 * Reads the next events of a context, oldest first; none only where there are no more.
 * @throws {ContextError} HISTORY_PRUNED where they are gone
 */
export function* readRecords(
  site: Site,
  live: Live,
  { after, upTo, limit, reader }: WalkPlace,
): Program<RecordPage> {
  return yield* withContext(site, live, function* (log, name) {
    yield* requireAbove(log, live.line, name, after);
    const ownerOf = yield* ownersIn(log, live.line, name);
    const page = { order: "oldest", after, limit: Math.min(limit, Math.max(0, upTo - after)) } as const;
    const found = yield* eventsIn(log, live.line, page);
    const records = found.filter(({ sequence }) => sequence <= upTo);
    for (const record of records) yield* reader.prepare(log, record, ownerOf(record.sequence));
    return { name, records, ownerOf };
  });
}

/** Walks begin with so few events, since each may be large. */
export const firstLimit = 16;

/** A page has at most so much in it: that bounds memory, and how long the log is held. */
const mostEvents = 250;
const mostCharacters = 4 * 2 ** 20;

/** How many events to read next, as far as that can be told from the last ones. */
export function limitAfter(limit: number, records: readonly EventRecord[]): number {
  let characters = 0;
  for (const { payload } of records) characters += payload.length;
  const fitting = Math.floor((mostCharacters * records.length) / characters);
  return Math.max(1, Math.min(limit * 4, mostEvents, fitting));
}
