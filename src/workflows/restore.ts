import { formatPoint, type Point } from "../core/address.js";
import { type Command, nothing } from "../core/commands/command.js";
import { restoreState } from "../core/commands/restore.js";
import { ContextError, isContextError } from "../core/errors.js";
import { newestSnapshot, snapshotsOf } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import { ErasedValue } from "../core/value/erased.js";
import type { Log, Stamp } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, performAsked } from "./change.js";
import { locate, valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import type { Unit } from "./unit.js";
import { type Live, nameOf } from "./workplace.js";

/** A restore as asked. */
export interface RestoreRequest {
  /** Without one, the newest snapshot is meant. */
  readonly point: Point | undefined;
  /** Leaves keys whose values at the point were erased as they are now, where it would be refused else. */
  readonly keepsErased: boolean;
}

/**
 * Makes the persistent keys what they were at a point, as one more event; tells whether there is such a
 * point.
 * @throws {ContextError} VALUE_ERASED
 */
export function* restore(site: Site, live: Live, request: RestoreRequest, intent: Intent): Program<boolean> {
  const { point } = request;
  const asked = () => ["restore", point === undefined ? null : formatPoint(point)];
  return yield* inUnit(site, intent.origin, (unit) => {
    const prepare = () => prepareRestore(site, unit, live, request);
    return performAsked(site, unit, live, { asked, intent, prepare });
  });
}

/** Reads the state to go back to, and decides on it; there may be none. */
function* prepareRestore(
  site: Site,
  unit: Unit,
  live: Live,
  { point, keepsErased }: RestoreRequest,
): Program<Command<boolean>["decide"]> {
  const state = yield* unit.join(live);
  yield* unit.flush();
  const target = point ?? newestPoint(state);
  const stamp = target === undefined ? undefined : yield* locateOrNothing(unit.log, live, state, target);
  if (target === undefined || stamp === undefined) return () => nothing(false);
  const { sequence, version } = stamp;
  const snapshot =
    target.kind === "snapshot" ? snapshotsOf(state).find((taken) => taken.sequence === sequence) : undefined;
  const values = yield* valuesAt(site, unit.log, live, { scope: "persistent", sequence });
  const erased = [...values].filter(([, { value }]) => value instanceof ErasedValue).map(([key]) => key);
  if (erased.length > 0 && !keepsErased) {
    const address = formatPoint(target);
    throw new ContextError("VALUE_ERASED", { context: nameOf(state), address, keys: erased });
  }
  return restoreState({
    kept: new Set(erased),
    persistent: values,
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
