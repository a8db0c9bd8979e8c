import type { Point } from "../core/address.js";
import { restoreState } from "../core/commands/restore.js";
import { isContextError } from "../core/errors.js";
import { newestSnapshot, snapshotsOf } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import type { Log, Stamp } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, perform } from "./change.js";
import { locate, valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/**
 * Makes the persistent keys what they were at a point, as one more event; tells whether there is such a
 * point. Without one, the newest snapshot is meant.
 */
export function* restore(site: Site, live: Live, point: Point | undefined, intent: Intent): Program<boolean> {
  return yield* inUnit(site, intent.origin, function* (unit) {
    const state = yield* unit.join(live);
    const target = point ?? newestPoint(state);
    if (target === undefined) return false;
    yield* unit.flush();
    const stamp = yield* locateOrNothing(unit.log, live, state, target);
    if (stamp === undefined) return false;
    const { sequence, version } = stamp;
    const persistent = yield* valuesAt(site, unit.log, live, { scope: "persistent", sequence });
    const phases = yield* valuesAt(site, unit.log, live, { scope: "phase", sequence });
    const snapshot = snapshotsOf(state).find((taken) => taken.sequence === sequence);
    const command = restoreState({
      persistent,
      phases,
      target: { version, sequence, snapshot: target.kind === "snapshot" ? (snapshot?.id ?? null) : null },
      reason: target.kind === "snapshot" ? (snapshot?.reason ?? null) : null,
    });
    return yield* perform(site, unit, live, command, intent);
  });
}

function newestPoint(state: State): Point | undefined {
  const newest = newestSnapshot(state);
  return newest === undefined ? undefined : { kind: "snapshot", snapshot: newest.id };
}

function* locateOrNothing(log: Log, live: Live, state: State, point: Point): Program<Stamp | undefined> {
  try {
    return yield* locate(log, live, state, point);
  } catch (error) {
    if (isContextError(error, "ADDRESS_NOT_FOUND")) return undefined;
    throw error;
  }
}
