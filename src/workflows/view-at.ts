import type { Point } from "../core/address.js";
import { snapshotsOf } from "../core/snapshot.js";
import type { Held } from "../core/value/codec.js";
import type { EventHeader } from "../core/event.js";
import type { Log, Stamp } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { eventOfVersion } from "./event-of-version.js";
import { headerIn, type Owned } from "./owned.js";
import { locateFrom, namedValuesAt, newestState, valuesAt, withContext } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** The persistent values at a point, and where in the history it lies. */
export interface PastState {
  readonly context: string;
  readonly stamp: Stamp;
  /** The event that made the version. */
  readonly event: Owned<EventHeader>;
  readonly values: ReadonlyMap<string, Held>;
}

/**
 * Reads the state at a point, of all keys or of some: for each its last change by then, found by index seeks.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* viewAt(site: Site, live: Live, point: Point, keys?: readonly string[]): Program<PastState> {
  return yield* withContext(site, live, function* (log, context) {
    const { line } = live;
    const stamp = yield* stampAt(site, log, live, { name: context, point });
    const { sequence } = stamp;
    const values =
      keys === undefined
        ? yield* valuesAt(site, log, live, { scope: "persistent", sequence })
        : yield* namedValuesAt(site, log, live, { keys, sequence });
    const event = yield* headerIn(log, line, context, yield* eventOfVersion(log, line, stamp));
    if (event === undefined)
      throw new Error("An event that was found is gone; this is a bug in durable-context.");
    return { context, stamp, event, values };
  });
}

/**
 * Finds the event at which a point lies, whoever wrote it.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* stampAt(
  site: Site,
  log: Log,
  live: Live,
  { name, point }: { readonly name: string; readonly point: Point },
): Program<Stamp> {
  const head = (yield* wait(log.head(live.context))) ?? live.state;
  const snapshots = function* () {
    return snapshotsOf(yield* newestState(site, log, live));
  };
  return yield* locateFrom(log, live.line, { name, head, snapshots }, point);
}
