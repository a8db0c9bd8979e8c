import type { Budget } from "./budget.js";
import { fillGap, listGaps } from "./gaps.js";
import { findIdentity, rateLikeness } from "./likeness.js";
import { Numbering, tokenize } from "./numbering.js";
import { matchUnique } from "./unique-matches.js";

/** Pairs of elements that are compared within one gap; beyond, only ids and places tell. */
const maximumPairs = 256;

/** What looking at one pair costs, in steps. */
const stepsPerPair = 64;

/** From this likeness on (exclusive), two elements are one that changed. */
const threshold = 0.5;

type Elements = readonly unknown[];
type Pairing = (a: Elements, b: Elements, budget: Budget) => Int32Array | undefined;

/** From what tells surely to what tells only when nothing else does. */
const pairings: readonly Pairing[] = [pairByIdentity, pairByLikeness, pairByPlace];

/**
 * Gives the matches, and besides, within the gaps between them, pairs of elements that differ but seem to be
 * one that changed.
 */
export function pairUp(a: Elements, b: Elements, matches: Int32Array, budget: Budget): Int32Array {
  return pairings.reduce((found, pairing) => fillGaps(pairing, a, b, { matches: found, budget }), matches);
}

interface Found {
  readonly matches: Int32Array;
  readonly budget: Budget;
}

function fillGaps(pairing: Pairing, a: Elements, b: Elements, { matches, budget }: Found): Int32Array {
  const filled = matches.slice();
  for (const gap of listGaps(matches, b.length)) {
    const found = pairing(a.slice(gap.fromA, gap.toA), b.slice(gap.fromB, gap.toB), budget);
    if (found !== undefined) fillGap(filled, gap, found);
  }
  return filled;
}

function pairByIdentity(a: Elements, b: Elements): Int32Array {
  const numbering = new Numbering();
  const tokenOf = (element: unknown) => {
    const id = findIdentity(element);
    return id === undefined ? -1 : numbering.get(id);
  };
  return matchUnique(tokenize(a, tokenOf), tokenize(b, tokenOf));
}

/** Chooses the pairs, in order, whose likeness is greatest in sum. */
function pairByLikeness(a: Elements, b: Elements, budget: Budget): Int32Array | undefined {
  const pairs = a.length * b.length;
  if (pairs === 1 || pairs > maximumPairs || !budget.spend(pairs * stepsPerPair)) return undefined;
  const width = b.length + 1;
  const likeness = new Float64Array(pairs);
  // The best sum for what begins at each place, from the end to the start.
  const best = new Float64Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const rate = rateLikeness(a[i], b[j]);
      const gain = rate > threshold ? rate : -1;
      likeness[i * b.length + j] = gain;
      const paired = gain + (best[(i + 1) * width + j + 1] ?? 0);
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
    }
  }
  return readPairs(best, likeness, a.length, b.length);
}

function readPairs(best: Float64Array, likeness: Float64Array, rows: number, columns: number): Int32Array {
  const pairs = new Int32Array(rows).fill(-1);
  const bestAt = (i: number, j: number) => best[i * (columns + 1) + j] ?? 0;
  let [i, j] = [0, 0];
  while (i < rows && j < columns) {
    const gain = likeness[i * columns + j] ?? -1;
    if (gain > 0 && bestAt(i, j) === gain + bestAt(i + 1, j + 1)) pairs[i++] = j++;
    else if (bestAt(i, j) === bestAt(i + 1, j)) i++;
    else j++;
  }
  return pairs;
}

/** As many here as there: each stands for the one at its place, unless their ids say otherwise. */
function pairByPlace(a: Elements, b: Elements): Int32Array | undefined {
  if (a.length !== b.length) return undefined;
  return tokenize(a, (element, i) => {
    const [id, other] = [findIdentity(element), findIdentity(b[i])];
    return id === undefined || other === undefined || id === other ? i : -1;
  });
}
