import { compileGlob } from "../core/glob.js";
import { ContextError } from "../core/errors.js";
import type { EventType } from "../core/event.js";
import { parsePayload } from "../core/payload.js";
import type { Floor, Log, LoggedEvent } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { commitGroup } from "./commit-group.js";
import type { EffectReader } from "./effect-reader.js";
import { keyScopes } from "./history.js";
import { lineOf } from "./line.js";
import { pruned } from "./pruned.js";
import type { Site } from "./site.js";
import type { WatchReaders } from "./watch-readers.js";
import { type Live, nameOf } from "./workplace.js";

/** Which events to watch; what is undefined leaves none out. */
export interface WatchFilter {
  readonly live: Live | undefined;
  /** A pattern for the contexts' names. */
  readonly contexts: string | undefined;
  /** A pattern for the names of keys that an event did something to. */
  readonly key: string | undefined;
  readonly types: readonly EventType[] | undefined;
  readonly actor: string | undefined;
}

/** What was found behind a position, by one look at the log. */
export interface WatchPage {
  readonly events: readonly FoundEvent[];
  /** Everything that fits is among the events, up to and including this position. */
  readonly upTo: number;
  /** Whether the log held nothing more. */
  readonly isEnd: boolean;
  /** Where the furthest floor lies behind the position, if events went that were to be read; else 0. */
  readonly floor: number;
}

/** An event, and who reads what it did, in the order of the events. */
export interface FoundEvent {
  readonly record: LoggedEvent;
  readonly reader: EffectReader;
}

/** A page is all that a watch holds in memory: so many events, and so many characters of payload beyond one. */
const pageLimits = { limit: 500, characters: 1_000_000 };

/**
 * Reads on behind a position, in a transaction that ends with the page.
 * @throws {ContextError} CONTEXT_DELETED, and HISTORY_PRUNED where events behind the position are gone that nobody
 *   accepted to miss
 */
export function* readWatched(
  site: Site,
  filter: WatchFilter,
  {
    position,
    floor: accepted,
    readers,
  }: { readonly position: number; readonly floor: number | undefined; readonly readers: WatchReaders },
): Program<WatchPage> {
  const { live, contexts: names, key, types, actor } = filter;
  yield* commitGroup(site);
  return yield* site.engine.read(function* (log) {
    if (live !== undefined) yield* requireContext(log, live);
    const floor = yield* wait(log.newestFloor(position, { context: live?.context, names }));
    if (floor !== undefined && accepted !== undefined && floor.position !== accepted)
      throw yield* prunedAway(log, floor);
    const page = { context: live?.context, names, types, actor, ...pageLimits };
    const { events, upTo } = yield* wait(log.eventsAfter(position, page));
    const isEnd = upTo >= (yield* wait(log.lastPosition()));
    const found: FoundEvent[] = [];
    for (const record of key === undefined ? events : events.filter(touches(key)))
      found.push({ record, reader: yield* readers.readerOf(log, record) });
    return { events: found, upTo, isEnd, floor: floor?.position ?? 0 };
  });
}

function* prunedAway(log: Log, { context, sequence }: Floor): Program<ContextError> {
  const name = (yield* wait(log.contextName(context))) ?? "";
  return yield* pruned(log, yield* lineOf(log, context), name, { kind: "sequence", sequence });
}

/** The position of the newest event of the whole store. */
export function* lastPosition(site: Site): Program<number> {
  yield* commitGroup(site);
  return yield* site.engine.read((log) => wait(log.lastPosition()));
}

function* requireContext(log: Log, live: Live): Program<void> {
  if (yield* wait(log.hasContext(live.context))) return;
  throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
}

function touches(pattern: string): (event: LoggedEvent) => boolean {
  const fits = compileGlob(pattern);
  return ({ payload, name, sequence }) => {
    try {
      const { effects } = parsePayload(payload, { context: name, sequence });
      return effects.some(({ scope, key }) => keyScopes.includes(scope) && fits(key));
    } catch {
      // What cannot be read may fit; it is refused when its turn comes, not before the events ahead of it.
      return true;
    }
  };
}
