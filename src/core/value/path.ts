/** One step into a value: a key, an index, a symbol, or a step into something that is not an object. */
export type Segment = string | number | symbol | { readonly call: string; readonly key?: unknown };

const ends = 3;
const longestPath = 12;
const longestKey = 60;

/** Writes where something is in a value, as one would in code; the middle of a long path is left out. */
export function formatPath(name: string, segments: readonly Segment[]): string {
  if (segments.length <= longestPath) return name + segments.map(format).join("");
  const head = segments.slice(0, ends).map(format).join("");
  return `${name}${head}…${segments.slice(-ends).map(format).join("")}`;
}

function format(segment: Segment): string {
  if (typeof segment === "number") return `[${segment}]`;
  if (typeof segment === "symbol") return `[${String(segment)}]`;
  if (typeof segment === "string") {
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(segment) && segment.length <= longestKey
      ? `.${segment}`
      : `[${quote(segment)}]`;
  }
  if (!("key" in segment)) return `.${segment.call}`;
  return `.${segment.call}(${formatKey(segment.key)})`;
}

function formatKey(key: unknown): string {
  if (typeof key === "string") return quote(key);
  return typeof key === "number" || typeof key === "bigint" || typeof key === "boolean" ? String(key) : "…";
}

function quote(key: string): string {
  return JSON.stringify(key.length > longestKey ? `${key.slice(0, longestKey)}…` : key);
}
