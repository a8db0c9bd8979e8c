/**
 * How many levels the encoding of each object has that we checked and froze ourselves, so that it can be
 * shared and need not be walked again. `Object.isFrozen` would not do: it says nothing of what lies inside.
 */
const heights = new WeakMap<object, number>();

/**
 * Tells the height of the encoding of a plain object or array that we froze: negative if the encoding needs
 * tags, undefined if the object is not one of ours.
 */
export function knownHeight(value: object): number | undefined {
  return heights.get(value);
}

/** Records a frozen plain object or array; the sign of `height` is that of {@link knownHeight}. */
export function addKnown(value: object, height: number): void {
  heights.set(value, height);
}
