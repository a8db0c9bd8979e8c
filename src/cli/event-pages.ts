import type { Context, ContextEvent, HistoryQuery } from "../index.js";

/** Which events are of interest. */
export type EventFilter = Omit<HistoryQuery, "order" | "after" | "limit">;

const pageLength = 500;

/** The newest events that fit, oldest first. */
export function newestEvents(context: Context, filter: EventFilter, limit: number): readonly ContextEvent[] {
  return [...context.history({ ...filter, order: "newest", limit })].reverse();
}

/** Reads all events that fit, page by page, to the end of what is written. */
export function* eventPages(context: Context, filter: EventFilter): Generator<readonly ContextEvent[]> {
  for (let after = 0; ;) {
    const page = context.history({ ...filter, after, limit: pageLength });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageLength) return;
    after = last.sequence;
  }
}
