/**
 * What a terminal would take for a command, or what would reorder the line: C0, DEL, C1, line separators,
 * bidirectional marks, embeddings, overrides and isolates.
 */

const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/** Makes text safe for one line of a terminal, or one cell of TSV; everything else stays as it is. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) => short[character] ?? toEscape(character));
}

/** Makes text of several lines safe for a terminal: only line ends and tabs stay what they are. */
export function escapeControlsInLines(text: string): string {
  return text.replace(controls, (character) =>
    character === "\n" || character === "\t" ? character : toEscape(character),
  );
}

/** Writes control characters of JSON text as escapes, which mean the same there; indents stay. */
export function escapeControlsInJson(json: string): string {
  return json.replace(controls, (character) => (character === "\n" ? character : toEscape(character)));
}

/** Writes a key so that it stands out in a list: bare if it is a plain word, else as a JSON string. */
export function quoteKey(key: string): string {
  return /^[^\s,"']+$/.test(key) ? key : JSON.stringify(key);
}

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  // Most text is plain, and a screen full of it is measured at every key.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Cuts a text to a width; a cut one ends in an ellipsis. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
