import type { Line } from "../difference-lines.js";
import { type Fragment, safeText } from "../styled-text.js";
import { cutToWidth, displayWidth } from "../terminal-text.js";

/** How far the rest of a wrapped line is indented. */
const indent = 4;
/** No line is wrapped to less. */
const narrowest = 2 * indent;

/** Cuts a line to a width; a cut one ends in an ellipsis. */
export function cutLine(line: Line, width: number): Line {
  const kept: Fragment[] = [];
  let [left, ahead] = [width, widthOf(line)];
  for (const fragment of line) {
    const text = safeText(fragment);
    const used = displayWidth(text);
    ahead -= used;
    const cut = cutToWidth(ahead > 0 ? `${text}…` : text, left);
    if (used + Math.min(ahead, 1) > left) return [...kept, withText(fragment, cut)];
    kept.push(withText(fragment, text));
    left -= used;
  }
  return kept;
}

/** How many columns a line takes. */
export function widthOf(line: Line): number {
  return line.reduce((sum, fragment) => sum + displayWidth(safeText(fragment)), 0);
}

/** A longer word is broken where the line ends. */
const longestWord = 20;

/** Breaks a line into as many as it needs for a width; its text is made safe, for what is safe may be wider. */
export function* wrapLine(line: Line, width: number): Generator<Line, void, void> {
  const most = Math.max(narrowest, width);
  let row: Fragment[] = [];
  let used = 0;
  for (const fragment of line) {
    let rest = safeText(fragment);
    for (;;) {
      const [head, tail] = splitAtWidth(rest, most - used);
      if (head !== "") row.push(withText(fragment, head));
      used += displayWidth(head);
      if (tail === "") break;
      yield row;
      row = [" ".repeat(indent)];
      used = indent;
      rest = tail;
    }
  }
  yield row;
}

function withText(fragment: Fragment, text: string): Fragment {
  return typeof fragment === "string" ? text : { ...fragment, text };
}

/** Splits a text where it no longer fits, at the last space if that is not far back. */
function splitAtWidth(text: string, width: number): readonly [head: string, tail: string] {
  let used = 0;
  let length = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) {
      const word = text.slice(0, length).lastIndexOf(" ") + 1;
      const end = word > 0 && word > length - longestWord ? word : length;
      return [text.slice(0, end), text.slice(end)];
    }
    length += character.length;
  }
  return [text, ""];
}
