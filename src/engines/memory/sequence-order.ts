/** Anything that happened at an event. */
interface Happened {
  readonly sequence: number;
}

/** How many of a list, ascending by sequence, lie at or before one. */
export function countUpTo(list: readonly Happened[], sequence: number): number {
  return countWhile(list, (row) => row.sequence <= sequence);
}

/** How many of a list come before a claim ceases to hold, after which it never holds again; by bisection. */
export function countWhile<Row>(list: readonly Row[], holds: (row: Row) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = list[middle];
    if (row !== undefined && holds(row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of a list, ascending by sequence, that lies at or before one. */
export function lastUpTo<Row extends Happened>(list: readonly Row[], sequence: number): Row | undefined {
  return list[countUpTo(list, sequence) - 1];
}

/** The one of a list, ascending by sequence, that lies at a sequence. */
export function findAt<Row extends Happened>(list: readonly Row[], sequence: number): Row | undefined {
  const last = lastUpTo(list, sequence);
  return last?.sequence === sequence ? last : undefined;
}
