/** A stretch without matches, between two that have one: from (inclusive) and to (exclusive) on both sides. */
export interface Gap {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Lists the stretches that are unmatched on both sides, given for each of `a` its place in `b` or -1. */
export function listGaps(matches: Int32Array, lengthOfB: number): Gap[] {
  const gaps: Gap[] = [];
  let [fromA, fromB] = [0, 0];
  for (let toA = 0; toA <= matches.length; toA++) {
    const toB = toA === matches.length ? lengthOfB : (matches[toA] ?? -1);
    if (toB < 0) continue;
    if (toA > fromA && toB > fromB) gaps.push({ fromA, toA, fromB, toB });
    [fromA, fromB] = [toA + 1, toB + 1];
  }
  return gaps;
}

/** Notes matches that were found within a gap, as if it were all there is. */
export function fillGap(matches: Int32Array, { fromA, fromB }: Gap, found: Int32Array): void {
  found.forEach((place, i) => {
    if (place >= 0) matches[fromA + i] = fromB + place;
  });
}
