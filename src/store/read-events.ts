import type { Program } from "../program/program.js";
import { type HistoryCursor, readPage } from "../workflows/history.js";
import type { Site } from "../workflows/site.js";
import type { Live } from "../workflows/workplace.js";
import { type ContextEvent, toContextEvent } from "./context-event.js";
import type { EventSearch } from "./history-query.js";
import type { Page } from "./stream.js";

/** Where a stream of events goes on, and how many it has given. */
export interface EventCursor {
  readonly place: HistoryCursor;
  readonly found: number;
}

/** Most events of a page that are not asked for one by one. */
const largestPage = 500;

/** Reads one page of events. */
export function* readEventPage(
  site: Site,
  live: Live,
  { filter, where, limit }: EventSearch,
  cursor: EventCursor | undefined,
): Program<Page<ContextEvent, EventCursor>> {
  const missing = limit - (cursor?.found ?? 0);
  // How many events fit the filter alone until enough fit the condition, nobody knows.
  const wanted = where === undefined || missing === 0 ? Math.min(missing, largestPage) : largestPage;
  const page = yield* readPage(site, live, filter, { cursor: cursor?.place, wanted });
  // The log is let go by now: a condition may ask or write whatever it likes.
  const items = takeFitting(
    page.events.map((event) => toContextEvent(event, site.codec)),
    where,
    missing,
  );
  const found = (cursor?.found ?? 0) + items.length;
  const isEnd = page.next === undefined || found >= limit;
  return { items, next: isEnd ? undefined : { place: page.next, found } };
}

/** Reads all events that are asked for, page by page. */
export function* readEvents(site: Site, live: Live, search: EventSearch): Program<readonly ContextEvent[]> {
  const events: ContextEvent[] = [];
  let cursor: EventCursor | undefined;
  do {
    const page = yield* readEventPage(site, live, search, cursor);
    events.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return events;
}

/** Asks the condition no more often than it takes to find enough. */
function takeFitting(
  events: readonly ContextEvent[],
  where: EventSearch["where"],
  most: number,
): readonly ContextEvent[] {
  if (where === undefined) return events;
  const fitting: ContextEvent[] = [];
  for (const event of events) {
    if (fitting.length >= most) break;
    if (where(event)) fitting.push(event);
  }
  return fitting;
}
