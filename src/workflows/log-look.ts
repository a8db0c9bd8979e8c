import { storeStream } from "../core/event.js";
import type { Engine, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";

/** What one look at the end of the log found, for all who wait for something there. */
export interface LogLook {
  /** The engine's change mark, which tells of what others commit. */
  readonly mark: number;
  /** The newest event of the store. */
  readonly upTo: number;
  /** Where the newest event of each context is that has any; undefined where too much is new to be looked through. */
  readonly newest: ReadonlyMap<number, number> | undefined;
}

/** More is not worth looking through: whoever waits may as well read. */
const most = { limit: 200, characters: 1_000_000 };

/** Looks for whose events lie behind a position; undefined where nobody knows yet from where on. */
export function* lookAtLog(engine: Engine, after: number | undefined): Program<LogLook> {
  return yield* engine.read(function* (log) {
    // Asked for first: what is written after it moves it, and what was written before is seen.
    const mark = yield* wait(log.changeMark());
    const upTo = yield* wait(log.lastPosition());
    return { mark, upTo, newest: after === undefined ? undefined : yield* newestAfter(log, after, upTo) };
  });
}

function* newestAfter(log: Log, after: number, upTo: number): Program<LogLook["newest"]> {
  try {
    const page = yield* wait(log.eventsAfter(after, most));
    const newest = new Map(page.events.map(({ context, position }) => [context, position]));
    // The store's own stream tells of contexts that were deleted.
    return page.upTo < upTo || newest.has(storeStream) ? undefined : newest;
  } catch {
    // What cannot be read is met by those whose it is; others are not to be kept from theirs.
    return undefined;
  }
}
