import { formatPoint, type Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { Scope } from "../core/event.js";
import { parsePayload } from "../core/payload.js";
import { snapshotsOf } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import type { Taken } from "../core/value/codec.js";
import type { Log, Stamp } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { catchUp } from "./replay.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";

/** Asks the log; inside a unit, on what the unit has appended so far. */
export function* withLog<Result>(site: Site, work: (log: Log) => Program<Result>): Program<Result> {
  const { unit } = site;
  if (unit === undefined) return yield* site.engine.read(work);
  if (site.engine.mode === "async") throw new ContextError("BATCH_UNSUPPORTED", { verb: "at" });
  yield* unit.flush();
  return yield* work(unit.log);
}

/** The newest state there is, whoever made it. */
export function* newestState(site: Site, log: Log, live: Live): Program<State> {
  const state = site.unit?.stateOf(live) ?? live.state;
  if (live.isDeleted || !(yield* wait(log.hasContext(live.context)))) {
    throw new ContextError("CONTEXT_DELETED", { context: nameOf(state) });
  }
  return yield* catchUp(log, live.context, state, site.codec, nameOf(state));
}

/**
 * Finds the event at which a point in history lies: the last one of a version, the last one at or before a
 * time.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* locate(log: Log, live: Live, state: State, point: Point): Program<Stamp> {
  const context = nameOf(state);
  const missing = () => new ContextError("ADDRESS_NOT_FOUND", { context, address: formatPoint(point) });
  const found = yield* locateIn(log, live.context, state, point);
  if (found === undefined) throw missing();
  return found;
}

/** The values of one scope after an event, in order of creation: for each key its last change up to it. */
export function* valuesAt(
  site: Site,
  log: Log,
  live: Live,
  { scope, sequence }: { scope: Scope; sequence: number },
): Program<Map<string, Taken>> {
  const changes = yield* wait(log.keysAt(live.context, scope, sequence));
  const present = changes.filter(({ operation }) => operation === "set");
  const wanted = new Map<number, Set<string>>();
  for (const { key, sequence } of present) wanted.set(sequence, (wanted.get(sequence) ?? new Set()).add(key));
  const values = new Map<string, Taken>(present.map(({ key }) => [key, nothingYet]));
  for (const { sequence, payload } of yield* wait(log.payloads(live.context, [...wanted.keys()]))) {
    const place = { context: nameOf(live.state), sequence };
    for (const effect of parsePayload(payload, place).effects) {
      if (effect.scope !== scope || wanted.get(sequence)?.has(effect.key) !== true) continue;
      const text = JSON.stringify(effect.value);
      values.set(effect.key, { ...site.codec.decode(effect.value), text, bytes: Buffer.byteLength(text) });
    }
  }
  return values;
}

/** Holds a key's place in the order of creation until its value is read. */
const nothingYet: Taken = { value: undefined, sharable: true, text: "", bytes: 0 };

function* locateIn(log: Log, context: number, state: State, point: Point): Program<Stamp | undefined> {
  const head: Stamp = state;
  switch (point.kind) {
    case "latest":
      return head;
    case "version":
      return yield* lastOfVersion(log, context, head, point.version);
    case "back":
      return yield* lastOfVersion(log, context, head, head.version - point.versions);
    case "sequence":
      return point.sequence > head.sequence ? undefined : yield* wait(log.stamp(context, point.sequence));
    case "time":
      return yield* lastWhere(log, context, head, ({ recordedAt }) => recordedAt <= point.time);
    case "snapshot":
      return snapshotStamp(state, point.snapshot);
  }
}

function snapshotStamp(state: State, wanted: string): Stamp | undefined {
  const snapshots = snapshotsOf(state);
  const byId = snapshots.find(({ id }) => id === wanted);
  const found = byId === undefined ? snapshots.filter(({ reason }) => reason === wanted) : [byId];
  if (found.length > 1) {
    const ids = found.map(({ id }) => id);
    throw new ContextError("SNAPSHOT_AMBIGUOUS", { context: nameOf(state), snapshot: wanted, ids });
  }
  const snapshot = found[0];
  return snapshot === undefined ? undefined : { ...snapshot, recordedAt: snapshot.takenAt };
}

function* lastOfVersion(log: Log, context: number, head: Stamp, version: number): Program<Stamp | undefined> {
  if (version < 0 || version > head.version) return undefined;
  return yield* lastWhere(log, context, head, (stamp) => stamp.version <= version);
}

/** The last event for which a claim holds that never holds again once it does not; by bisection. */
function* lastWhere(
  log: Log,
  context: number,
  head: Stamp,
  holds: (stamp: Stamp) => boolean,
): Program<Stamp | undefined> {
  if (holds(head)) return head;
  let found: Stamp | undefined;
  let [low, high] = [1, head.sequence - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const stamp = yield* wait(log.stamp(context, middle));
    if (stamp !== undefined && holds(stamp)) {
      found = stamp;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}
