import type { Point } from "../core/address.js";
import { snapshotsOf } from "../core/snapshot.js";
import type { Held } from "../core/value/codec.js";
import type { Stamp } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { locateFrom, newestState, valuesAt, withContext } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** The persistent values at a point, and where in the history it lies. */
export interface PastState {
  readonly context: string;
  readonly stamp: Stamp;
  readonly values: ReadonlyMap<string, Held>;
}

/**
 * Reads the state at a point: for each key its last change by then, found by index seeks.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* viewAt(site: Site, live: Live, point: Point): Program<PastState> {
  return yield* withContext(site, live, function* (log, context) {
    const head = (yield* wait(log.head(live.context))) ?? live.state;
    const snapshots = function* () {
      return snapshotsOf(yield* newestState(site, log, live));
    };
    const stamp = yield* locateFrom(log, live.line, { name: context, head, snapshots }, point);
    const { sequence } = stamp;
    const values = yield* valuesAt(site, log, live, { scope: "persistent", sequence });
    return { context, stamp, values };
  });
}
