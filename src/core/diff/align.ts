import type { Budget } from "./budget.js";
import { matchCommon } from "./common-matches.js";
import { tokenize } from "./numbering.js";
import { pairUp } from "./pair-up.js";
import type { Sameness } from "./sameness.js";

/** Where two arrays differ: what is before `start` and after the ends is the same. */
export interface Alignment {
  readonly start: number;
  readonly endBefore: number;
  readonly endAfter: number;
  /** For each element between `start` and `endBefore`: how far beyond `start` it is in the later array, or -1. */
  readonly places: Int32Array;
  /** For each of them 1 if it is known to be the same there. */
  readonly isSame: Uint8Array;
}

/**
 * Finds which elements of two arrays belong together, by their content.
 * @throws {ContextError} VALUE_TOO_DEEP
 */
export function align(before: Elements, after: Elements, sameness: Sameness, budget: Budget): Alignment {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && sameness.isSame(before[start], after[start])) start++;
  let tail = 0;
  while (tail < shorter - start && sameness.isSame(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const [endBefore, endAfter] = [before.length - tail, after.length - tail];
  const [a, b] = [before.slice(start, endBefore), after.slice(start, endAfter)];
  const same = matchSame(a, b, sameness, budget);
  const isSame = Uint8Array.from(same, (place) => (place < 0 ? 0 : 1));
  const places = pairUp(a, b, same, budget);
  return { start, endBefore, endAfter, places, isSame };
}

type Elements = readonly unknown[];

function matchSame(a: Elements, b: Elements, sameness: Sameness, budget: Budget): Int32Array {
  // Two single elements differ, or they would be among what is the same before them.
  if (a.length * b.length <= 1) return new Int32Array(a.length).fill(-1);
  const tokenOf = sameness.numbering();
  const places = matchCommon(tokenize(a, tokenOf), tokenize(b, tokenOf), budget);
  return places.map((place, i) => (place < 0 || !sameness.isSame(a[i], b[place]) ? -1 : place));
}
