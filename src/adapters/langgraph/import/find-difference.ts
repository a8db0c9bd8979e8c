/**
 * Finds where two values differ to a graph, as names that lead there: plain data by its members, instances by their
 * class and what they make of themselves for JSON. Undefined where they do not.
 */
export function findDifference(
  one: unknown,
  other: unknown,
  path: readonly string[] = [],
): readonly string[] | undefined {
  if (Object.is(one, other)) return undefined;
  if (!isObject(one) || !isObject(other)) return path;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return path;
  const [left, right] = [partsOf(one), partsOf(other)];
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const way = [...path, name];
    if (!Object.hasOwn(left, name) || !Object.hasOwn(right, name)) return way;
    const found = findDifference(left[name], right[name], way);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Parts = Readonly<Record<string, unknown>>;

/** All that an object is made of, under names. */
function partsOf(value: object): Parts {
  // Elements stand under their numbers.
  if (Array.isArray(value) || value instanceof Uint8Array) return value as unknown as Parts;
  if (value instanceof Map || value instanceof Set) return [...value] as unknown as Parts;
  if (value instanceof RegExp) return { source: value.source, flags: value.flags };
  if (value instanceof Error) return { message: value.message };
  return toldBy(value) ?? { ...value };
}

/** What an instance says of itself; what it was not given is left out. */
function toldBy(value: object): Parts | undefined {
  if (!("toJSON" in value) || typeof value.toJSON !== "function") return undefined;
  const told: unknown = (value as { toJSON: () => unknown }).toJSON();
  if (!isObject(told)) return { told };
  return Object.fromEntries(Object.entries(told).filter(([, part]) => part !== undefined));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
