import { formatPoint, type Point } from "../core/address.js";
import { type Command, nothing } from "../core/commands/command.js";
import { restoreState } from "../core/commands/restore.js";
import { isContextError } from "../core/errors.js";
import { newestSnapshot, snapshotsOf } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import type { Log, Stamp } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, performAsked } from "./change.js";
import { locate, valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import type { Unit } from "./unit.js";
import type { Live } from "./workplace.js";

/**
 * Makes the persistent keys what they were at a point, as one more event; tells whether there is such a
 * point. Without one, the newest snapshot is meant.
 */
export function* restore(site: Site, live: Live, point: Point | undefined, intent: Intent): Program<boolean> {
  const asked = ["restore", point === undefined ? null : formatPoint(point)];
  return yield* inUnit(site, intent.origin, (unit) => {
    const prepare = () => prepareRestore(site, unit, live, point);
    return performAsked(site, unit, live, { asked, intent, prepare });
  });
}

/** Reads the state to go back to, and decides on it; there may be none. */
function* prepareRestore(
  site: Site,
  unit: Unit,
  live: Live,
  point: Point | undefined,
): Program<Command<boolean>["decide"]> {
  const state = yield* unit.join(live);
  yield* unit.flush();
  const target = point ?? newestPoint(state);
  const stamp = target === undefined ? undefined : yield* locateOrNothing(unit.log, live, state, target);
  if (target === undefined || stamp === undefined) return () => nothing(false);
  const { sequence, version } = stamp;
  const snapshot =
    target.kind === "snapshot" ? snapshotsOf(state).find((taken) => taken.sequence === sequence) : undefined;
  return restoreState({
    persistent: yield* valuesAt(site, unit.log, live, { scope: "persistent", sequence }),
    phases: yield* valuesAt(site, unit.log, live, { scope: "phase", sequence }),
    target: { version, sequence, snapshot: snapshot?.id ?? null },
    reason: snapshot?.reason ?? null,
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
