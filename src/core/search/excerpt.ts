/** The longest text that is given whole. */
const longest = 1000;
/** How much of a longer one is given before the match. */
const before = 250;

/**
 * What is given of a text that matches from `start` on: all of it, or if it is long, what lies around there,
 * with an ellipsis where something was left out.
 */
export function excerpt(text: string, start: number): string {
  if (text.length <= longest) return text;
  const from = wholeCharacter(text, Math.max(0, start - before));
  const to = wholeCharacter(text, Math.min(text.length, from + longest));
  return detached(`${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`);
}

/** A place in a text that is not between the halves of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const isHalved = /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
  return isHalved ? at - 1 : at;
}

/** A part of a text keeps the whole of it in memory; this is a text of its own. */
function detached(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
