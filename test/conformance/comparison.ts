/** Steps from the root of what is compared to a part of it. */
type Path = readonly string[];

/** Where two things that had to be the same are not. */
export interface Difference {
  /** The parts of the way to it, joined by dots. */
  readonly path: string;
  readonly recorded: string;
  readonly observed: string;
}

/** Lists of names that are compared as sets. */
const sets = ["state.protected", "logged.details.keys", "logged.details.keys_cleared"];

/**
 * Compares what was recorded with what was observed: numbers by value, objects whatever the order of their
 * keys, some lists as sets. Nothing is said of what lies at or below a `loose` path.
 */
export function compare(recorded: unknown, observed: unknown, loose: readonly string[] = []): Difference[] {
  if (loose.includes("*")) return [];
  return differences(
    recorded,
    observed,
    [],
    loose.map((path) => path.split(".")),
  );
}

function differences(recorded: unknown, observed: unknown, path: Path, loose: readonly Path[]): Difference[] {
  if (loose.some((open) => open.length <= path.length && open.every((part, i) => part === path[i])))
    return [];
  if (isObject(recorded) && isObject(observed)) {
    const [wanted, found] = sets.includes(path.join("."))
      ? [asSet(recorded), asSet(observed)]
      : [recorded, observed];
    if (Array.isArray(wanted) === Array.isArray(found)) return partDifferences(wanted, found, path, loose);
  } else if (recorded === observed) return [];
  return [{ path: path.join("."), recorded: show(recorded), observed: show(observed) }];
}

function partDifferences(
  recorded: object,
  observed: object,
  path: Path,
  loose: readonly Path[],
): Difference[] {
  const keys = new Set([...Object.keys(recorded), ...Object.keys(observed)]);
  return [...keys].flatMap((key) =>
    differences(partOf(recorded, key), partOf(observed, key), [...path, key], loose),
  );
}

/** Stands for a part that is not there, and equals nothing that JSON can say. */
const absent = Symbol("absent");

function partOf(whole: object, key: string): unknown {
  // Only own keys are parts; one called `__proto__` is read as the own key that it is.
  return Object.hasOwn(whole, key) ? (whole as Record<string, unknown>)[key] : absent;
}

function asSet(names: object): object {
  return Array.isArray(names) ? [...new Set(names)].sort() : names;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  if (value === absent) return "(absent)";
  if (value === undefined) return "undefined";
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
