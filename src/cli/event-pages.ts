import type { Context, ContextEvent, HistoryQuery } from "../index.js";

/** Which events are of interest. */
export type EventFilter = Omit<HistoryQuery, "order" | "after" | "limit">;

const pageLength = 500;

/** The newest events that fit, oldest first. */
export function newestEvents(context: Context, filter: EventFilter, limit: number): readonly ContextEvent[] {
  return [...context.history({ ...filter, order: "newest", limit })].reverse();
}

/** Reads on behind an event, page by page, to the end of what is written. */
export function* pagesAfter(
  context: Context,
  filter: EventFilter,
  after: number,
): Generator<readonly ContextEvent[]> {
  for (let from = after; ;) {
    const page = context.history({ ...filter, after: from, limit: pageLength });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageLength) return;
    from = last.sequence;
  }
}
