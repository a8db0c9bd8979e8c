import { ContextError } from "../core/errors.js";
import type { EventType } from "../core/event.js";
import type { WatchFilter } from "../workflows/watch.js";
import { checkObject, checkSignal, checkText } from "./check-option.js";
import { typesOf } from "./history-query.js";
import type { WatchedEvent } from "./watched-event.js";

/** Which events to watch, and from where on. An event has to fit all that is said. */
export interface WatchQuery {
  /** Only events that did something to a key whose name fits: `*` is any text, `?` one character, `[a-z]` one of a range. */
  readonly key?: string;
  /** Only events of this type, or of one of these. */
  readonly type?: EventType | readonly EventType[];
  readonly actor?: string;
  /** Begins behind this position, behind all there is now (the default), or with the store's first event. */
  readonly from?: number | "start" | "now" | undefined;
  /** Ends the watch when it aborts. */
  readonly signal?: AbortSignal;
  /** How often to look for what other processes have written, in ms; 50 by default. */
  readonly pollMs?: number;
}

/** Which events of a whole store to watch. */
export interface StoreWatchQuery extends WatchQuery {
  /** Only events of contexts whose id fits, a pattern as for `key`. Without it, the store's own events come too. */
  readonly context?: string;
}

/** Called with one event after the other; what it returns is awaited before the next. */
export type WatchListener = (event: WatchedEvent) => unknown;

/** A query as it was taken in. */
export interface WatchWish {
  readonly filter: Omit<WatchFilter, "live">;
  readonly from: number | "start" | "now";
  readonly signal: AbortSignal | undefined;
  readonly pollMs: number;
}

/**
 * Takes in what the caller wants to watch.
 * @throws {ContextError} OPTION_INVALID
 */
export function takeWatchQuery(query: StoreWatchQuery): WatchWish {
  const { key, type, actor, context, from = "now", pollMs = 50, signal } = checkObject("query", query);
  for (const [option, given] of Object.entries({ key, actor, context })) checkText(option, given);
  if (from !== "start" && from !== "now" && !isWhole(from, 0))
    throw unfit("from", 'it is no position, nor "start" or "now"');
  // A timer takes a longer time for none at all.
  if (!isWhole(pollMs, 1) || pollMs >= 2 ** 31)
    throw unfit("pollMs", "it is not a whole number of ms from 1 to 2147483647");
  checkSignal(signal);
  const types = type === undefined ? undefined : typesOf(type);
  return { filter: { contexts: context, key, types, actor }, from, signal, pollMs };
}

function isWhole(given: unknown, least: number): boolean {
  return Number.isSafeInteger(given) && Number(given) >= least;
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
