/** One place of a pattern: any text, or a claim about one character. */
type Part = "any text" | ((point: number) => boolean);

/**
 * Compiles a name pattern as SQLite's GLOB reads it: `*` any text, `?` one character, `[a-z]` one of a range,
 * `[^a-z]` one outside it, `[]]` a bracket. A set that is not closed matches nothing.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const parts = parse(codePoints(pattern));
  return (text) => matches(parts, codePoints(text));
}

function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function parse(pattern: readonly number[]): Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < pattern.length;) {
    const point = pattern[i] ?? 0;
    if (point === signs.open) {
      const { isIn, next } = parseSet(pattern, i + 1);
      parts.push(isIn);
      i = next;
      continue;
    }
    if (point === signs.star) parts.push("any text");
    else parts.push(point === signs.one ? () => true : (found) => found === point);
    i += 1;
  }
  return parts;
}

const signs = { star: 0x2a, one: 0x3f, open: 0x5b, close: 0x5d, not: 0x5e, to: 0x2d } as const;

/** Reads a set whose inside begins at `start`. */
function parseSet(
  pattern: readonly number[],
  start: number,
): { isIn: (point: number) => boolean; next: number } {
  const isInverted = pattern[start] === signs.not;
  const first = isInverted ? start + 1 : start;
  // A bracket that comes first stands for itself.
  const end = pattern.indexOf(signs.close, pattern[first] === signs.close ? first + 1 : first);
  if (end < 0) return { isIn: () => false, next: pattern.length };
  const ranges = parseRanges(pattern.slice(first, end));
  const isListed = (point: number) => ranges.some(([from, to]) => from <= point && point <= to);
  return { isIn: (point) => isListed(point) !== isInverted, next: end + 1 };
}

function parseRanges(inside: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  let from: number | undefined;
  for (let i = 0; i < inside.length; i += 1) {
    const point = inside[i] ?? 0;
    const to = inside[i + 1];
    if (point === signs.to && from !== undefined && to !== undefined) {
      ranges.push([from, to]);
      from = undefined;
      i += 1;
      continue;
    }
    ranges.push([point, point]);
    // A bracket in first place is no beginning of a range.
    from = point === signs.close ? undefined : point;
  }
  return ranges;
}

/** Matches without recursion: where the text does not fit, the last `*` takes one character more. */
function matches(parts: readonly Part[], text: readonly number[]): boolean {
  let [part, place] = [0, 0];
  let retry: { part: number; place: number } | undefined;
  while (place < text.length) {
    const claim = parts[part];
    if (claim === "any text") {
      retry = { part: part + 1, place };
      part += 1;
    } else if (claim?.(text[place] ?? 0) === true) {
      part += 1;
      place += 1;
    } else if (retry === undefined) {
      return false;
    } else {
      retry.place += 1;
      ({ part, place } = retry);
    }
  }
  return parts.slice(part).every((left) => left === "any text");
}
