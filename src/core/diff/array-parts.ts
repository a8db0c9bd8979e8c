import { type Alignment, align } from "./align.js";
import type { Budget } from "./budget.js";
import { areOneChanged } from "./likeness.js";
import type { Sameness } from "./sameness.js";

/** What happened to one element. Indexes are those in the earlier (`i`) and in the later array (`j`). */
export type Part =
  | { readonly kind: "removed"; readonly i: number }
  | { readonly kind: "added"; readonly j: number }
  | { readonly kind: "inside"; readonly i: number; readonly j: number }
  | { readonly kind: "replaced"; readonly i: number; readonly j: number };

interface Means {
  readonly sameness: Sameness;
  readonly budget: Budget;
  /** Parts that there is room for. */
  readonly most: number;
}

/** Arrays that keep nothing at all are told element by element only up to this many parts. */
const fewParts = 16;

/**
 * Lists, from first to last, what happened to the elements of an array. Undefined if that is too much, or if
 * nothing of a long array is left: then its parts would tell less than the whole.
 * @throws {ContextError} VALUE_TOO_DEEP
 */
export function listParts(before: Elements, after: Elements, means: Means): readonly Part[] | undefined {
  const alignment = align(before, after, means.sameness, means.budget);
  const parts: Part[] = [];
  let kept = before.length - alignment.endBefore + alignment.start;
  for (const part of followElements(before, after, alignment, means.sameness)) {
    if (part === undefined || part.kind === "inside") kept++;
    if (part !== undefined) parts.push(part);
    if (parts.length > means.most) return undefined;
  }
  const isNew = kept === 0 && before.length > 0 && after.length > 0;
  return isNew && parts.length > fewParts ? undefined : parts;
}

type Elements = readonly unknown[];

/** Gives undefined for an element that stayed the same. */
function* followElements(
  before: Elements,
  after: Elements,
  { start, endBefore, endAfter, places, isSame }: Alignment,
  sameness: Sameness,
): Generator<Part | undefined> {
  let j = start;
  for (let i = start; i < endBefore; i++) {
    const place = places[i - start] ?? -1;
    if (place < 0) {
      yield { kind: "removed", i };
      continue;
    }
    while (j < start + place) yield { kind: "added", j: j++ };
    const kind = areOneChanged(before[i], after[j]) ? "inside" : "replaced";
    yield isSame[i - start] === 1 || sameness.isSame(before[i], after[j]) ? undefined : { kind, i, j };
    j++;
  }
  while (j < endAfter) yield { kind: "added", j: j++ };
}
