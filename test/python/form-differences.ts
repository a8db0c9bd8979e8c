/** Where two values in the tagged form differ, as JSON pointers, with what stands there; nothing where they are equal. */
export function formDifferences(expected: unknown, observed: unknown, at = ""): string[] {
  if (text(expected) === text(observed)) return [];
  const [left, right] = [membersOf(expected), membersOf(observed)];
  if (left === undefined || right === undefined || Array.isArray(expected) !== Array.isArray(observed))
    return [`${at}: expected ${shown(expected)}, found ${shown(observed)}`];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) =>
    formDifferences(
      left.get(name),
      right.get(name),
      `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    ),
  );
}

const longestShown = 100;

function shown(value: unknown): string {
  const whole = text(value);
  return whole.length > longestShown ? `${whole.slice(0, longestShown)}…` : whole;
}

function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Object.hasOwn(value, "$py")) return undefined;
  return new Map(Object.entries(value));
}

/** The text of a value, the same for values that differ only in an order that means nothing. */
function text(value: unknown): string {
  if (typeof value !== "object" || value === null)
    return value === undefined ? "nothing" : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(text).join(",")}]`;
  const members = Object.entries(value).map(([name, part]) => {
    const isUnordered = Object.hasOwn(value, "$py") && isWithoutOrder(value, name);
    return `${JSON.stringify(name)}:${isUnordered ? `{${(part as unknown[]).map(text).sort().join(",")}}` : text(part)}`;
  });
  return `{${members.sort().join(",")}}`;
}

/** Entries of any dictionary, and members of sets. */
function isWithoutOrder(value: object, name: string): boolean {
  const type = (value as { $py: unknown }).$py;
  return name === "entries" || (name === "items" && (type === "set" || type === "frozenset"));
}
