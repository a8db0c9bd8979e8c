import { formatPoint, type Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import { markHeld, type Scope } from "../core/event.js";
import { findSnapshot, type Snapshot, snapshotsOf } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import { type Held, LazilyTaken, type Taken } from "../core/value/taken.js";
import type { Log, Stamp } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { KeyChangeRow } from "../projections/rows.js";
import { firstOf, floorOf, keyAtIn, keysAtIn, type Line, stampIn, withFloors } from "./line.js";
import { pruned } from "./pruned.js";
import { catchUp } from "./replay.js";
import type { Site } from "./site.js";
import { valuesOfChanges } from "./whole-value.js";
import { type Live, nameOf } from "./workplace.js";

/** Asks the log; inside a unit, on what the unit has appended so far. */
export function* withLog<Result>(site: Site, work: (log: Log) => Program<Result>): Program<Result> {
  const { unit } = site;
  if (unit === undefined) return yield* site.engine.read(work);
  if (site.engine.mode === "async")
    throw new ContextError("BATCH_UNSUPPORTED", { verb: "A question to the log" });
  yield* unit.flush();
  return yield* work(unit.log);
}

/**
 * The name that a context has by the log, whoever gave it; its line is brought up to date, too.
 * @throws {ContextError} CONTEXT_DELETED
 */
function* presentName(log: Log, live: Live): Program<string> {
  const name = live.isDeleted ? undefined : yield* wait(log.contextName(live.context));
  if (name === undefined) throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
  live.line = yield* withFloors(log, live.line);
  return name;
}

/** Asks the log about a context, which has to exist, under its present name. */
export function* withContext<Result>(
  site: Site,
  live: Live,
  work: (log: Log, name: string) => Program<Result>,
): Program<Result> {
  return yield* withLog(site, function* (log) {
    return yield* work(log, yield* presentName(log, live));
  });
}

/** The newest state there is, whoever made it. */
export function* newestState(site: Site, log: Log, live: Live): Program<State> {
  const name = yield* presentName(log, live);
  return yield* catchUp(log, live.line, site.unit?.stateOf(live) ?? live.state, site.codec, name);
}

/** What is known of the present while a point in history is looked for. */
export interface Ground {
  readonly name: string;
  readonly head: Stamp;
  /** Asked for only where the point is a snapshot. */
  readonly snapshots: () => Program<readonly Snapshot[]>;
}

/**
 * Finds the event at which a point in history lies: the last one of a version, the last one at or before a
 * time.
 * @throws {ContextError} ADDRESS_NOT_FOUND, HISTORY_PRUNED, SNAPSHOT_AMBIGUOUS
 */
export function* locate(log: Log, live: Live, state: State, point: Point): Program<Stamp> {
  const ground: Ground = {
    name: nameOf(state),
    head: state,
    *snapshots() {
      return snapshotsOf(state);
    },
  };
  return yield* locateFrom(log, live.line, ground, point);
}

/** Does what {@link locate} does, without the whole present state. */
export function* locateFrom(log: Log, line: Line, ground: Ground, point: Point): Program<Stamp> {
  const found = yield* locateIn(log, line, ground, point);
  const floor = floorOf(line);
  if (floor > 0 && isBelow(floor, found, ground.head, point))
    throw yield* pruned(log, line, ground.name, point);
  if (found !== undefined) return found;
  throw new ContextError("ADDRESS_NOT_FOUND", { context: ground.name, address: formatPoint(point) });
}

/** Whether a point lies below the floor, by what was found of it. */
function isBelow(floor: number, found: Stamp | undefined, head: Stamp, point: Point): boolean {
  if (found !== undefined) return found.sequence < floor;
  switch (point.kind) {
    case "version":
      return point.version < head.version;
    case "back":
      return point.versions <= head.version;
    case "sequence":
      return point.sequence > 0 && point.sequence < floor;
    case "time":
      return true;
    case "latest":
    case "snapshot":
      return false;
  }
}

/** The values of one scope after an event, in order of creation: for each key its last change up to it. */
export function* valuesAt(
  site: Site,
  log: Log,
  live: Live,
  { scope, sequence }: { scope: Scope; sequence: number },
): Program<Map<string, Taken>> {
  return yield* valuesOf(site, log, live, yield* keysAtIn(log, live.line, scope, sequence));
}

/** Does the same for some persistent keys, in the order in which they are named. */
export function* namedValuesAt(
  site: Site,
  log: Log,
  live: Live,
  { keys, sequence }: { keys: readonly string[]; sequence: number },
): Program<Map<string, Taken>> {
  const changes: KeyChangeRow[] = [];
  for (const key of new Set(keys)) {
    const change = yield* keyAtIn(log, live.line, { scope: "persistent", key }, sequence);
    if (change !== undefined) changes.push(change);
  }
  return yield* valuesOf(site, log, live, changes);
}

/** The values that changes of one scope left, in their order; keys that they deleted have none. */
export function* valuesOf(
  site: Site,
  log: Log,
  live: Live,
  changes: readonly KeyChangeRow[],
): Program<Map<string, Taken>> {
  const present = changes.filter(({ operation }) => operation === "set");
  const values = yield* valuesOfChanges(log, live.line, present, site.codec, nameOf(live.state));
  return new Map(present.map((change) => [change.key, takenOf(change.key, values.get(change))]));
}

/** A value out of the log, fit to be written again. */
function takenOf(name: string, found: Held | undefined): Taken {
  const { value, sharable } = found ?? markHeld;
  return new LazilyTaken({ value, sharable, isTagged: true, name });
}

function* locateIn(log: Log, line: Line, ground: Ground, point: Point): Program<Stamp | undefined> {
  const { head } = ground;
  switch (point.kind) {
    case "latest":
      return head;
    case "version":
      return yield* lastOfVersion(log, line, head, point.version);
    case "back":
      return yield* lastOfVersion(log, line, head, head.version - point.versions);
    case "sequence":
      return point.sequence > head.sequence ? undefined : yield* stampIn(log, line, point.sequence);
    case "time":
      return yield* lastWhere(log, line, head, ({ recordedAt }) => recordedAt <= point.time);
    case "snapshot":
      return snapshotStamp(ground.name, yield* ground.snapshots(), point.snapshot);
  }
}

function snapshotStamp(context: string, snapshots: readonly Snapshot[], wanted: string): Stamp | undefined {
  const snapshot = findSnapshot(snapshots, wanted, context);
  return snapshot === undefined ? undefined : { ...snapshot, recordedAt: snapshot.takenAt };
}

function* lastOfVersion(log: Log, line: Line, head: Stamp, version: number): Program<Stamp | undefined> {
  if (version < 0 || version > head.version) return undefined;
  return yield* lastWhere(log, line, head, (stamp) => stamp.version <= version);
}

/** The last event for which a claim holds that never holds again once it does not; by bisection. */
export function* lastWhere(
  log: Log,
  line: Line,
  head: Stamp,
  holds: (stamp: Stamp) => boolean,
): Program<Stamp | undefined> {
  if (holds(head)) return head;
  let found: Stamp | undefined;
  let [low, high] = [firstOf(line), head.sequence - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const stamp = yield* stampIn(log, line, middle);
    if (stamp !== undefined && holds(stamp)) {
      found = stamp;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}
