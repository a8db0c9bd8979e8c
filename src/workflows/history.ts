import { ContextError } from "../core/errors.js";
import { changeOf, type Change, isLogged } from "../core/change-log.js";
import type { AppliedEvent, EventRecord, EventType, Scope } from "../core/event.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { changesIn, eventsIn, type Line } from "./line.js";
import { type Owned, ownersIn } from "./owned.js";
import { withContext } from "./read-past.js";
import { applyRecord, catchUp, eachEvent } from "./replay.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";

/** Which events to read, and how many. */
export interface HistoryFilter {
  /** Only events that set, deleted, protected or unprotected this key. */
  readonly key?: string;
  readonly type?: EventType;
  /** `oldest` first, or `newest` first. */
  readonly order?: "oldest" | "newest";
  /** Goes on behind the event of this number, in the order asked for. */
  readonly after?: number;
  /** At most so many; without it, all. */
  readonly limit?: number;
}

/** An event with its hash. */
export type HashedEvent = AppliedEvent & { readonly hash: string };

/** Reads events of a context, oldest first unless asked otherwise. */
export function* readHistory(
  site: Site,
  live: Live,
  filter: HistoryFilter,
): Program<readonly Owned<HashedEvent>[]> {
  const { order = "oldest", after, limit = Number.MAX_SAFE_INTEGER } = filter;
  return yield* withContext(site, live, function* (log, context) {
    const events: Owned<HashedEvent>[] = [];
    if (limit <= 0) return events;
    const ownerOf = yield* ownersIn(log, live.line, context);
    const { key, type } = filter;
    const visit = (record: EventRecord): boolean => {
      if (type === undefined || record.type === type) {
        const owner = ownerOf(record.sequence);
        events.push({ ...applyRecord(record, site.codec, owner), owner });
      }
      return events.length < limit;
    };
    if (key === undefined) yield* eachEvent(log, live.line, { order, after, type, wanted: limit }, visit);
    else yield* eachEventOf(log, live.line, key, { order, after, wanted: limit }, visit);
    return events;
  });
}

/** Most numbers of events asked for at once. */
const largestPage = 500;

/** Where a key is the caller's; what the store keeps of itself has names too. */
const keyScopes: readonly Scope[] = ["persistent", "ephemeral", "protection"];

/** Reads the events that did something to a key of the caller's, found by the key index. */
function* eachEventOf(
  log: Log,
  line: Line,
  key: string,
  { order, after, wanted }: { order: "oldest" | "newest"; after: number | undefined; wanted: number },
  visit: (record: EventRecord) => boolean,
): Program<void> {
  let limit = Math.min(wanted, largestPage);
  const direction = order === "oldest" ? 1 : -1;
  for (let last = after; ; limit = Math.min(limit * 4, largestPage)) {
    const numbers = new Set<number>();
    for (const scope of keyScopes) {
      const page = { order, after: last, limit };
      for (const sequence of yield* changesIn(log, line, { scope, key }, page)) numbers.add(sequence);
    }
    const next = [...numbers].sort((a, b) => direction * (a - b)).slice(0, limit);
    for (const sequence of next) {
      const page = { order: "oldest", after: sequence - 1, limit: 1 } as const;
      const [record] = yield* eventsIn(log, line, page);
      if (record !== undefined && !visit(record)) return;
    }
    if (next.length < limit) return;
    last = next.at(-1);
  }
}

/** Reads the change log: the newest changes, oldest first. */
export function* readChanges(site: Site, live: Live): Program<Change[]> {
  const most = site.rules.changes;
  return yield* withContext(site, live, function* (log, context) {
    const found: Change[] = [];
    if (most === 0) return found;
    yield* eachEvent(log, live.line, { order: "newest", after: undefined, wanted: most }, (record) => {
      if (!isLogged(record.type)) return true;
      const change = changeOf(applyRecord(record, site.codec, context));
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
  return { state: yield* catchUp(log, live.line, live.state, site.codec, nameOf(live.state)), mark };
}
