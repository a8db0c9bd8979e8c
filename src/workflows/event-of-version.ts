import type { Log, Stamp } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { baselineFacts } from "../core/baseline.js";
import { parsePayload } from "../core/payload.js";
import { floorOf, type Line, payloadsIn, stampIn } from "./line.js";

/**
 * Finds the number of the event that made a version: the first of that version. It is looked for from a later
 * event of the version backwards, in steps that double, since it is rarely far.
 */
export function* eventOfVersion(
  log: Log,
  line: Line,
  { sequence, version }: Pick<Stamp, "sequence" | "version">,
): Program<number> {
  const isOfVersion = function* (number: number): Program<boolean> {
    return (yield* stampIn(log, line, number))?.version === version;
  };
  const floor = floorOf(line);
  if (floor > 0 && (yield* isOfVersion(floor))) return yield* madeBy(log, line, floor);
  let [before, first] = [floor, sequence];
  for (let step = 1; first - step > before; step *= 2) {
    if (yield* isOfVersion(first - step)) first -= step;
    else before = first - step;
  }
  while (first - before > 1) {
    const middle = Math.floor((before + first) / 2);
    if (yield* isOfVersion(middle)) first = middle;
    else before = middle;
  }
  return first;
}

/** The event that made the version of a floor lies below it; the floor's own event tells which it was. */
function* madeBy(log: Log, line: Line, floor: number): Program<number> {
  const [event] = yield* payloadsIn(log, line, [floor]);
  const payload = event && parsePayload(event.payload, { context: "", sequence: floor });
  return (payload && baselineFacts(payload)?.made) ?? floor;
}
