import type { Point } from "../core/address.js";
import type { Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { firstOf, floorOf, type Line, stampIn } from "./line.js";
import type { Site } from "./site.js";
import { stampAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/** Which events to read, by where they lie in the history and by the phase they belong to. */
export interface RangeFilter {
  /** Only events behind this point; a time before the first event means all. */
  readonly since?: Point | undefined;
  /** Only events up to this point, its own included. */
  readonly until?: Point | undefined;
  /** Only events of runs of this phase, by its name or the id of one run. */
  readonly phase?: string | undefined;
}

/** A stretch of a history: the events after one, up to and including another; of some runs of phases only. */
export interface HistoryRange {
  readonly after: number;
  readonly upTo: number;
  readonly runs: ReadonlySet<string> | undefined;
}

/**
 * Finds the numbers that the points of a filter stand for.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* rangeOf(
  site: Site,
  log: Log,
  live: Live,
  { name, filter }: { readonly name: string; readonly filter: RangeFilter },
): Program<HistoryRange> {
  const { since, until, phase } = filter;
  const sequenceAt = function* (point: Point): Program<number> {
    if (point.kind === "time" && (yield* isBeforeAll(log, live.line, point.time))) return 0;
    return (yield* stampAt(site, log, live, { name, point })).sequence;
  };
  return {
    after: since === undefined ? floorOf(live.line) : yield* sequenceAt(since),
    upTo: until === undefined ? Infinity : yield* sequenceAt(until),
    runs: phase === undefined ? undefined : yield* runsOf(log, live.line, phase),
  };
}

function* isBeforeAll(log: Log, line: Line, time: number): Program<boolean> {
  // Who asks since before a floor asks for what was pruned.
  if (floorOf(line) > 0) return false;
  const first = yield* stampIn(log, line, firstOf(line));
  return first !== undefined && time < first.recordedAt;
}

/** The runs of a phase, in whatever context of the line they were. */
function* runsOf(log: Log, line: Line, phase: string): Program<ReadonlySet<string>> {
  const runs = new Set<string>();
  for (const { context } of line.segments) {
    for (const { id, name } of yield* wait(log.phases(context, undefined))) {
      if (id === phase || name === phase) runs.add(id);
    }
  }
  return runs;
}
