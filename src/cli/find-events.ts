import type { Context, ContextEvent, HistoryQuery } from "../index.js";
import { type EventMatch, fits } from "./event-match.js";

/** Where to look, and in which direction. */
export interface Stretch {
  readonly order: "oldest" | "newest";
  /** Looks behind this event, in that order. */
  readonly after: number;
  /** The last event to look at; the history has it. */
  readonly until: number;
}

/** What one page gave. */
export interface FoundPage {
  readonly events: readonly ContextEvent[];
  /** The last event that was looked at. */
  readonly reached: number;
}

/** A page should take about so long: then keys are heard between two, and values of megabytes fit. */
const pageMs = 25;
const smallestPage = 8;
const largestPage = 2 ** 16;
/** At most so many events are handed over at once. */
const mostFound = 512;

/** Looks for events page by page, so that whoever waits can stop in between. */
export function* findEvents(
  context: Pick<Context, "history">,
  match: EventMatch,
  { order, after, until }: Stretch,
): Generator<FoundPage, void, void> {
  const read = match.key === undefined && match.type === undefined ? readWindow : readFound;
  let size = smallestPage;
  for (let from = after; order === "oldest" ? from < until : from > until;) {
    const begun = performance.now();
    const page = read(context, match, { order, after: from, until, size });
    yield page;
    from = page.reached;
    const isQuick = performance.now() - begun < pageMs;
    size = isQuick ? Math.min(size * 2, largestPage) : Math.max(1, size >> 1);
  }
}

type Search = Stretch & { readonly size: number };

/** Reads so many events of a key or type, which the store finds wherever they are; the rest is looked at here. */
function readFound(
  context: Pick<Context, "history">,
  match: EventMatch,
  { order, after, until, size }: Search,
): FoundPage {
  const { key, type } = match;
  const limit = Math.min(size, mostFound);
  const found = context.history({
    ...{ order, after, limit },
    ...(key !== undefined && { key }),
    // The store takes a type that it does not know for one that no event has.
    ...(type !== undefined && { type: type as ContextEvent["type"] }),
  });
  const inside = found.filter(({ sequence }) => (order === "oldest" ? sequence <= until : sequence >= until));
  const isLast = found.length < limit || inside.length < found.length;
  return {
    events: inside.filter((event) => fits(event, match)),
    reached: isLast ? until : (inside.at(-1)?.sequence ?? until),
  };
}

/** Looks at so many events, of which few may fit: the store would look through all of them at once. */
function readWindow(
  context: Pick<Context, "history">,
  { actor, words = [] }: EventMatch,
  { order, after, until, size }: Search,
): FoundPage {
  const end = order === "oldest" ? Math.min(after + size, until) : Math.max(after - size, until);
  const events = context.history({
    ...{ order, after, limit: mostFound },
    ...(order === "oldest" ? { until: { sequence: end } } : sinceOf(end)),
    ...(actor !== undefined && { actor }),
    ...(words.length > 0 && { where: (event: ContextEvent) => fits(event, { words }) }),
  });
  return { events, reached: events.length < mostFound ? end : (events.at(-1)?.sequence ?? end) };
}

function sinceOf(sequence: number): HistoryQuery {
  return sequence > 1 ? { since: { sequence: sequence - 1 } } : {};
}
