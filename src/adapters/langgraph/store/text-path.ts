/**
 * Paths to the texts that stand for an item, as LangGraph's store in memory reads them: `title`, `meta.title`,
 * `chapters[*].text`, `authors[0]`, `list[-1]`, `*`, `{title,meta.summary}`, and `$` for the whole value.
 */
export type TextPath = readonly string[];

/** Takes a path apart: names, `[…]` and `{…}`. */
export function parseTextPath(path: string): TextPath {
  const parts = path.match(/\[[^\]]*\]?|\{[^}]*\}?|[^.[{]+/g);
  return parts ?? [];
}

/** The texts at a path of a value; none where there is nothing, or nothing that can be read as text. */
export function textsAt(value: unknown, path: TextPath): string[] {
  const [part, ...rest] = path;
  if (part === undefined) return textOf(value);
  if (part === "$") return textsAt(value, rest);
  if (part.startsWith("[")) return elements(value, part.slice(1, -1)).flatMap((one) => textsAt(one, rest));
  if (part.startsWith("{")) return fields(part).flatMap((field) => textsAt(value, field));
  if (part === "*") return parts(value).flatMap((one) => textsAt(one, rest));
  return textsAt(ownProperty(value, part), rest);
}

function textOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "object" && value !== null) return [JSON.stringify(value, writable, 2)];
  return ["number", "boolean", "bigint"].includes(typeof value) ? [String(value)] : [];
}

/** JSON has no such numbers and would refuse the whole value. */
function writable(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function elements(value: unknown, index: string): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  if (index === "*") return value;
  const place = Number.parseInt(index, 10);
  return value.slice(place, place === -1 ? undefined : place + 1);
}

function fields(part: string): readonly TextPath[] {
  return part
    .slice(1, -1)
    .split(",")
    .map((field) => parseTextPath(field.trim()))
    .filter((path) => path.length > 0);
}

function parts(value: unknown): readonly unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function ownProperty(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  // It has such a property, as the line above says.
  return (value as Readonly<Record<string, unknown>>)[name];
}
