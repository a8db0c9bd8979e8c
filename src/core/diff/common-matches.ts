import type { Budget } from "./budget.js";
import { fillGap, listGaps } from "./gaps.js";
import { matchShortest } from "./shortest-edit.js";
import { matchUnique } from "./unique-matches.js";

/**
 * Matches equal tokens of two sequences, in order: for each of `a`, its place in `b` or -1. As many as
 * possible if few enough others lie between; else what is unique is matched first, and within a stretch where
 * even that leaves too much, nothing. Tokens are numbers from 0 up, none much greater than their count.
 */
export function matchCommon(a: Int32Array, b: Int32Array, budget: Budget): Int32Array {
  // What occurs on one side only cannot match, and would count as an edit in the search.
  const left = selectShared(a, b);
  const right = selectShared(b, a);
  const found = matchShared(left.tokens, right.tokens, budget);
  const matches = new Int32Array(a.length).fill(-1);
  found.forEach((place, i) => {
    if (place >= 0) matches[left.places[i] ?? 0] = right.places[place] ?? 0;
  });
  return matches;
}

function selectShared(own: Int32Array, others: Int32Array): { tokens: Int32Array; places: Int32Array } {
  const isShared = new Uint8Array(Math.max(greatest(own), greatest(others)) + 1);
  for (const token of others) isShared[token] = 1;
  const places = own.map((token, i) => (isShared[token] === 1 ? i : -1)).filter((i) => i >= 0);
  return { places, tokens: places.map((i) => own[i] ?? -1) };
}

function greatest(tokens: Int32Array): number {
  return tokens.reduce((most, token) => Math.max(most, token), 0);
}

function matchShared(a: Int32Array, b: Int32Array, budget: Budget): Int32Array {
  const shortest = matchShortest(a, b, budget);
  if (shortest !== undefined) return shortest;
  const matches = matchUnique(a, b);
  if (matches.every((place) => place < 0)) return matches;
  for (const gap of listGaps(matches, b.length)) {
    const found = matchShortest(a.subarray(gap.fromA, gap.toA), b.subarray(gap.fromB, gap.toB), budget);
    if (found !== undefined) fillGap(matches, gap, found);
  }
  return matches;
}
