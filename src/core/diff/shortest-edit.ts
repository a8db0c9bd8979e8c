import type { Budget } from "./budget.js";

/** Insertions and removals that are searched for; what was found on the way grows with their square. */
const maximumEdits = 1000;

/**
 * Matches two sequences with the fewest insertions and removals (Myers 1986): for each of `a`, its place in
 * `b` or -1. Undefined if that takes too many, or more steps than there are left.
 */
export function matchShortest(a: Int32Array, b: Int32Array, budget: Budget): Int32Array | undefined {
  const bound = Math.min(a.length + b.length, maximumEdits);
  if (Math.abs(a.length - b.length) > bound) return undefined;
  const trace: Int32Array[] = [];
  // How far each diagonal k, where the places in a and b differ by k, was followed; `bound + 1` is diagonal 0.
  const furthest = new Int32Array(2 * bound + 3);
  for (let edits = 0; edits <= bound; edits++) {
    const isDone = extend(furthest, edits, bound + 1, { a, b, budget });
    if (isDone === undefined) return undefined;
    trace.push(furthest.slice(bound + 1 - edits, bound + 2 + edits));
    if (isDone) return readBack(trace, a.length, b.length);
  }
  return undefined;
}

interface Search {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly budget: Budget;
}

/** Follows each diagonal by one more edit; says whether both ends were reached, undefined if steps ran out. */
function extend(
  furthest: Int32Array,
  edits: number,
  center: number,
  { a, b, budget }: Search,
): boolean | undefined {
  for (let k = -edits; k <= edits; k += 2) {
    const start = enter(furthest, center, k, edits);
    let x = start;
    while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
    furthest[center + k] = x;
    if (x >= a.length && x - k >= b.length) return true;
    if (!budget.spend(x - start + 1)) return undefined;
  }
  return false;
}

/** Where a diagonal is entered; `furthest[center]` is diagonal 0 after one edit less. */
function enter(furthest: Int32Array, center: number, k: number, edits: number): number {
  const below = furthest[center + k - 1] ?? 0;
  const above = furthest[center + k + 1] ?? 0;
  return isInsertion(below, above, k, edits) ? above : below + 1;
}

/** Says whether the way comes from the diagonal above, by an insertion, or from the one below, by a removal. */
function isInsertion(below: number, above: number, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && below < above);
}

function readBack(trace: readonly Int32Array[], lengthOfA: number, lengthOfB: number): Int32Array {
  const matches = new Int32Array(lengthOfA).fill(-1);
  let k = lengthOfA - lengthOfB;
  let x = lengthOfA;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const furthest = trace[edits - 1] ?? new Int32Array();
    const center = edits - 1;
    const start = enter(furthest, center, k, edits);
    while (x > start) matches[--x] = x - k;
    if (isInsertion(furthest[center + k - 1] ?? 0, furthest[center + k + 1] ?? 0, k, edits)) {
      k++;
    } else {
      k--;
      x--;
    }
  }
  while (x > 0) matches[--x] = x;
  return matches;
}
