/**
 * Matches what occurs exactly once on both sides, leaving out what is in another order (patience diff): for
 * each of `a`, its place in `b` or -1. Takes n log n steps, however different the sides are. Negative tokens
 * match nothing.
 */
export function matchUnique(a: Int32Array, b: Int32Array): Int32Array {
  const placesInA = placesOfUnique(a);
  const placesInB = placesOfUnique(b);
  const common: { readonly x: number; readonly y: number }[] = [];
  for (const [token, x] of placesInA) {
    const y = placesInB.get(token);
    if (x >= 0 && y !== undefined && y >= 0) common.push({ x, y });
  }
  const matches = new Int32Array(a.length).fill(-1);
  for (const i of longestIncrease(common.map(({ y }) => y))) {
    const match = common[i];
    if (match !== undefined) matches[match.x] = match.y;
  }
  return matches;
}

/** Where each token is, in order of first occurrence; -1 if it occurs again. */
function placesOfUnique(tokens: Int32Array): Map<number, number> {
  const places = new Map<number, number>();
  tokens.forEach((token, i) => {
    if (token >= 0) places.set(token, places.has(token) ? -1 : i);
  });
  return places;
}

/** Gives the indexes of a longest increasing subsequence. */
function longestIncrease(numbers: readonly number[]): number[] {
  /** For each length, the index of the smallest number that a subsequence of that length can end with. */
  const ends: number[] = [];
  const previous = new Int32Array(numbers.length);
  numbers.forEach((number, i) => {
    const length = countBelow(ends, numbers, number);
    previous[i] = ends[length - 1] ?? -1;
    ends[length] = i;
  });
  const indexes: number[] = [];
  for (let i = ends.at(-1) ?? -1; i >= 0; i = previous[i] ?? -1) indexes.push(i);
  return indexes.reverse();
}

function countBelow(ends: readonly number[], numbers: readonly number[], number: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
