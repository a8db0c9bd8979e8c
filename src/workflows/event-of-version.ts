import type { Log, Stamp } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import { type Line, stampIn } from "./line.js";

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
  let [before, first] = [0, sequence];
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
