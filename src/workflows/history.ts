import { changeOf, type Change, isLogged } from "../core/change-log.js";
import { ContextError } from "../core/errors.js";
import { type EventRecord, type EventType, type Scope, valueScopes } from "../core/event.js";
import { parsePayload } from "../core/payload.js";
import type { ValuePath } from "../core/value/parse-path.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { EffectReader } from "./effect-reader.js";
import { eachEventOf } from "./events-of-key.js";
import { type HistoryRange, type RangeFilter, rangeOf } from "./history-range.js";
import { withFloors } from "./line.js";
import { ownersIn } from "./owned.js";
import { PartChanges } from "./part-changes.js";
import { requireAbove } from "./pruned.js";
import { withContext } from "./read-past.js";
import type { RecordedEvent } from "./recorded-event.js";
import { catchUp, eachEvent } from "./replay.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";

/** Which events to read, and in which order. */
export interface HistoryFilter extends RangeFilter {
  /** Only events that set, deleted, protected or unprotected this key. */
  readonly key?: string | undefined;
  /** Only events that changed what is at this path into a value. */
  readonly path?: ValuePath | undefined;
  readonly types?: readonly EventType[] | undefined;
  readonly actor?: string | undefined;
  readonly cause?: string | undefined;
  readonly order: "oldest" | "newest";
  /** Goes on behind the event of this number, in the order asked for. */
  readonly after?: number | undefined;
}

/** Where reading a history goes on. */
export interface HistoryCursor {
  readonly after: number | undefined;
  readonly range: HistoryRange;
}

/** Some events, and where the next ones are; without that, these were the last. */
export interface HistoryPage {
  readonly events: readonly RecordedEvent[];
  readonly next: HistoryCursor | undefined;
}

/** A page ends when it has looked at so much: it bounds memory, and how long the log is held. */
const pageBytes = 4 * 2 ** 20;
const pageEvents = 2000;

/** Reading begins with so few events, since each may be large. */
const firstEvents = 16;

/**
 * Reads one page of a context's events: at most so many as are wanted, maybe none although there are more.
 * Headers are looked at first; only the payloads of events that fit are decoded.
 */
export function* readPage(
  site: Site,
  live: Live,
  filter: HistoryFilter,
  { cursor, wanted }: { readonly cursor: HistoryCursor | undefined; readonly wanted: number },
): Program<HistoryPage> {
  return yield* withContext(site, live, function* (log, name) {
    const range = cursor?.range ?? (yield* rangeOf(site, log, live, { name, filter }));
    const asked = cursor?.after ?? filter.after;
    if (filter.order === "oldest" && asked !== undefined) yield* requireAbove(log, live.line, name, asked);
    const after = startOf(filter, range, asked);
    const ownerOf = yield* ownersIn(log, live.line, name);
    const records: EventRecord[] = [];
    let [seen, bytes] = [0, 0];
    let next: HistoryCursor | undefined;
    const look = (record: EventRecord, fits: boolean): boolean => {
      if (isBeyond(record, filter, range)) return false;
      if (fits) records.push(record);
      [seen, bytes] = [seen + 1, bytes + record.payload.length];
      if (records.length < wanted && seen < pageEvents && bytes < pageBytes) return true;
      next = { after: record.sequence, range };
      return false;
    };
    const search = { filter, range, after, wanted: Math.min(wanted, firstEvents) };
    if (wanted > 0) yield* visit(site, log, live, search, look);
    return { events: yield* readAll(site, log, live, records, ownerOf), next };
  });
}

function* readAll(
  site: Site,
  log: Log,
  live: Live,
  records: readonly EventRecord[],
  ownerOf: (sequence: number) => string,
): Program<RecordedEvent[]> {
  const reader = new EffectReader(live.line, site.codec);
  const events: RecordedEvent[] = [];
  for (const record of records) {
    const owner = ownerOf(record.sequence);
    yield* reader.prepare(log, record, owner);
    events.push(reader.read(record, owner));
  }
  return events;
}

/** What to read: by the key index where a key is named, event by event otherwise. */
interface Search {
  readonly filter: HistoryFilter;
  readonly range: HistoryRange;
  readonly after: number | undefined;
  readonly wanted: number;
}

/** Where a key is the caller's; what the store keeps of itself has names too. */
export const keyScopes: readonly Scope[] = [...valueScopes, "protection"];

/** Hands over events in order, each with whether it is one of those that were asked for. */
function* visit(
  site: Site,
  log: Log,
  live: Live,
  { filter, range, after, wanted }: Search,
  look: (record: EventRecord, fits: boolean) => boolean,
): Program<void> {
  const { order, path, types } = filter;
  const key = path?.[0] ?? filter.key;
  if (key === undefined) {
    const type = types?.length === 1 ? types[0] : undefined;
    yield* eachEvent(log, live.line, { order, after, type, wanted }, (record) =>
      look(record, fitsHeader(record, filter, range)),
    );
    return;
  }
  const changes = path && new PartChanges(site, log, live, path);
  const scopes = path === undefined ? keyScopes : valueScopes;
  yield* eachEventOf(log, live.line, { key, scopes, order, after, wanted }, function* (record) {
    const fits = fitsHeader(record, filter, range) && (changes === undefined || (yield* changes.has(record)));
    return look(record, fits);
  });
}

function fitsHeader(record: EventRecord, filter: HistoryFilter, { runs }: HistoryRange): boolean {
  const { types, actor, cause } = filter;
  return (
    (types === undefined || types.includes(record.type)) &&
    (actor === undefined || record.actor === actor) &&
    (cause === undefined || record.cause === cause) &&
    (runs === undefined || (record.phase !== null && runs.has(record.phase)))
  );
}

/** Behind which event to begin, in the order asked for: the cursor's, the caller's, or the edge of the range. */
function startOf(
  { order }: HistoryFilter,
  range: HistoryRange,
  asked: number | undefined,
): number | undefined {
  if (order === "oldest") return Math.max(asked ?? 0, range.after);
  const start = Math.min(asked ?? Infinity, range.upTo + 1);
  return start === Infinity ? undefined : start;
}

function isBeyond({ sequence }: EventRecord, { order }: HistoryFilter, range: HistoryRange): boolean {
  return order === "oldest" ? sequence > range.upTo : sequence <= range.after;
}

/** Reads the change log: the newest changes, oldest first; as many as the store shows, unless said otherwise. */
export function* readChanges(site: Site, live: Live, most = site.rules.changes): Program<Change[]> {
  return yield* withContext(site, live, function* (log, context) {
    const found: Change[] = [];
    if (most === 0) return found;
    yield* eachEvent(log, live.line, { order: "newest", after: undefined, wanted: most }, (record) => {
      if (!isLogged(record.type)) return true;
      const change = changeOf(record, parsePayload(record.payload, { context, sequence: record.sequence }));
      if (change !== undefined) found.push(change);
      return found.length < most;
    });
    return found.reverse();
  });
}

/** Brings what is known of a context up to what others have written. */
export function* refresh(site: Site, live: Live): Program<void> {
  if (site.unit !== undefined) {
    // Where answers come later, nobody can wait for one inside a unit.
    if (site.engine.mode === "sync") yield* site.unit.join(live);
    return;
  }
  const { state, mark } = yield* site.engine.read((log) => newest(site, log, live));
  live.state = state;
  live.mark = mark;
}

function* newest(site: Site, log: Log, live: Live): Program<{ state: Live["state"]; mark: number }> {
  const mark = yield* wait(log.changeMark());
  if (!(yield* wait(log.hasContext(live.context)))) {
    live.isDeleted = true;
    throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
  }
  live.line = yield* withFloors(log, live.line);
  return { state: yield* catchUp(log, live.line, live.state, site.codec, nameOf(live.state)), mark };
}
