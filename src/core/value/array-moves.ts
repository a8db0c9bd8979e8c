/** What a method does to an array; parts that it takes out go through `reach`. */
export type Move = (
  array: unknown[],
  given: readonly unknown[],
  reach: (part: unknown) => unknown,
) => unknown;

/** The methods that move the parts of an array without a look at them. */
const moves = new Map<unknown, Move>([
  ["shift", (array, _, reach) => reach(array.shift())],
  ["unshift", (array, given) => array.unshift(...given)],
  // The number of arguments counts.
  ["splice", (array, given, reach) => (Reflect.apply(splice, array, given) as unknown[]).map(reach)],
]);

/** Finds what an array's own method of this name does, if it only moves the parts. */
export function findMove(name: string | symbol, method: unknown): Move | undefined {
  const move = moves.get(name);
  return move !== undefined && method === Reflect.get(Array.prototype, name) ? move : undefined;
}

function splice(this: unknown[], ...given: [start: number, count: number, ...parts: unknown[]]): unknown[] {
  return this.splice(...given);
}
