import type { Context } from "../index.js";
import { firstEventAt, lastEventAt, readPoint } from "./points.js";
import { findEvents } from "./find-events.js";
import type { EventMatch } from "./event-match.js";

/** Which events of a history are replayed, as it was asked for. */
export interface RangeWish {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly match: EventMatch;
  /** Events that are left out, by their numbers. */
  readonly skip: readonly number[];
  /** Only the newest so many of those that match. */
  readonly number: number | undefined;
}

/** The same by the numbers of the events; without a last one, to the end. */
export interface ReplayRange {
  readonly first: number;
  readonly last: number | undefined;
  readonly match: EventMatch;
  readonly skip: readonly number[];
}

/**
 * Finds the events that a wish is about.
 * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function readRange(context: Context, { from, to, match, skip, number }: RangeWish): ReplayRange {
  const oldest = context.history({ limit: 1 })[0]?.sequence ?? 1;
  const first = from === undefined ? oldest : firstEventAt(context, readPoint(from));
  const last = to === undefined ? undefined : lastEventAt(context, readPoint(to));
  if (number === undefined) return { first, last, match, skip };
  const end = last ?? context.sequence;
  const newest = firstOfNewest(context, match, { first, end, number });
  return { first: newest ?? end + 1, last, match, skip };
}

/** The oldest among the newest so many matching events. */
function firstOfNewest(
  context: Context,
  match: EventMatch,
  { first, end, number }: { first: number; end: number; number: number },
): number | undefined {
  let left = number;
  let found: number | undefined;
  if (left === 0) return undefined;
  for (const { events } of findEvents(context, match, { order: "newest", after: end + 1, until: first })) {
    found = events.slice(0, left).at(-1)?.sequence ?? found;
    left -= events.length;
    if (left <= 0) break;
  }
  return found;
}
