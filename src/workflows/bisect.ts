import type { Point } from "../core/address.js";
import { ContextError } from "../core/errors.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { firstOf, type Line, stampIn } from "./line.js";
import { headerIn } from "./owned.js";
import { withContext } from "./read-past.js";
import type { Site } from "./site.js";
import { type PastState, stampAt, viewAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/** Where to look: from the beginning, unless a point is named. */
export interface Range {
  readonly from: Point | undefined;
  readonly to: Point;
}

/** The first state of a range of which something holds. */
export interface Turn {
  readonly state: PastState;
  /** The version before, of which it did not hold; undefined where it held from the start of the range. */
  readonly before: number | undefined;
  /** How many states were looked at. */
  readonly steps: number;
}

/**
 * Finds the first state between two points of which something holds, by halving what lies between a state of
 * which it does not hold and a later one of which it does. Versions inside a batch are passed over. No
 * transaction is open while `holds` is asked, so it may read the store itself.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS, OPTION_INVALID
 */
export function* bisect(
  site: Site,
  live: Live,
  range: Range,
  holds: (state: PastState) => boolean,
): Program<Turn | undefined> {
  const bounds = yield* withContext(site, live, (log, name) => boundsOf(site, log, live, name, range));
  if (bounds === undefined) return undefined;
  let steps = 0;
  const look = function* (version: number): Program<PastState | undefined> {
    steps += 1;
    const state = yield* viewAt(site, live, { kind: "version", version });
    return holds(state) ? state : undefined;
  };
  let { first: low } = bounds;
  const atOnce = yield* look(low);
  if (atOnce !== undefined) return { state: atOnce, before: undefined, steps };
  let found = low < bounds.last ? yield* look(bounds.last) : undefined;
  if (found === undefined) return undefined;
  // It does not hold of `low` and holds of `found`; what is not known lies behind `low` and up to `high`.
  let high = (yield* stageAt(site, live, bounds.head, bounds.last)).first - 1;
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    const stage = yield* stageAt(site, live, bounds.head, middle);
    const state = yield* look(stage.last);
    if (state === undefined) low = stage.last;
    else [found, high] = [state, stage.first - 1];
  }
  return { state: found, before: low, steps };
}

/** Versions that were committed together, the first and the last: those of a batch, or one alone. */
interface Stage {
  readonly first: number;
  readonly last: number;
}

/** The first and the last version of a range that are not inside a batch, and the newest event. */
interface Bounds extends Stage {
  readonly head: number;
}

function* boundsOf(
  site: Site,
  log: Log,
  live: Live,
  name: string,
  range: Range,
): Program<Bounds | undefined> {
  const from =
    range.from === undefined
      ? ((yield* stampIn(log, live.line, firstOf(live.line)))?.version ?? 0)
      : (yield* stampAt(site, log, live, { name, point: range.from })).version;
  const to = (yield* stampAt(site, log, live, { name, point: range.to })).version;
  if (from > to) {
    const why = `it is version ${from}, which comes after ${to}, where the range ends`;
    throw new ContextError("OPTION_INVALID", { option: "from", why });
  }
  const head = (yield* wait(log.head(live.context)))?.sequence ?? live.state.sequence;
  const first = (yield* stageOf(log, live.line, head, from)).last;
  const end = yield* stageOf(log, live.line, head, to);
  const last = end.last === to ? to : end.first - 1;
  return first > last ? undefined : { first, last, head };
}

function* stageAt(site: Site, live: Live, head: number, version: number): Program<Stage> {
  return yield* withContext(site, live, (log) => stageOf(log, live.line, head, version));
}

function* stageOf(log: Log, line: Line, head: number, version: number): Program<Stage> {
  const sequence = yield* makerOf(log, line, head, version);
  const batchOf = function* (number: number): Program<string | null | undefined> {
    return (yield* headerIn(log, line, "", number))?.batch;
  };
  const batch = yield* batchOf(sequence);
  if (batch === null) return { first: version, last: version };
  // The events of a batch follow each other, since it holds the write lock.
  const isOfBatch = function* (number: number): Program<boolean> {
    return (yield* batchOf(number)) === batch;
  };
  const begin = yield* lastBefore(sequence, 1, -1, isOfBatch);
  const end = yield* lastBefore(sequence, head, 1, isOfBatch);
  const before = begin === 1 ? undefined : yield* stampIn(log, line, begin - 1);
  const last = (yield* stampIn(log, line, end))?.version ?? version;
  return { first: before === undefined ? 0 : before.version + 1, last };
}

/** The number of the event that made a version: the first one of it. */
function* makerOf(log: Log, line: Line, head: number, version: number): Program<number> {
  let [low, high] = [firstOf(line), head];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const stamp = yield* stampIn(log, line, middle);
    if ((stamp?.version ?? 0) < version) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The last number, going from one of which a claim holds towards a bound, before the claim ends: steps that
 * double until it no longer holds, then bisection. So a small batch in a long history costs little.
 */
function* lastBefore(
  start: number,
  bound: number,
  direction: 1 | -1,
  holds: (number: number) => Program<boolean>,
): Program<number> {
  const furthest = Math.abs(bound - start);
  let [near, far] = [0, 1];
  while (far <= furthest && (yield* holds(start + direction * far))) [near, far] = [far, far * 2];
  far = Math.min(far, furthest + 1);
  while (far - near > 1) {
    const middle = Math.floor((near + far) / 2);
    if (yield* holds(start + direction * middle)) near = middle;
    else far = middle;
  }
  return start + direction * near;
}
