/** Puts other texts in the place of contents; undefined leaves one as it is. */
export type Replace = (content: string) => string | undefined;

/**
 * Replaces what effects bring in a payload's text, where their list begins at a place in it; all else stays to the
 * letter. The text is as JSON.stringify writes it, so it is not parsed: a large value is only looked through.
 */
export function replaceContents(payload: string, effectsAt: number, replace: Replace): string {
  const pieces: string[] = [];
  let taken = 0;
  for (const { start, end } of contentsIn(payload, effectsAt)) {
    const replaced = replace(payload.slice(start, end));
    if (replaced === undefined) continue;
    pieces.push(payload.slice(taken, start), replaced);
    taken = end;
  }
  return taken === 0 ? payload : pieces.join("") + payload.slice(taken);
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

const contentMembers: readonly string[] = ['"value"', '"patch"'];

/** Goes through damaged text, too, and ends with it. */
function* contentsIn(text: string, effectsAt: number): Generator<Stretch> {
  let at = effectsAt;
  while (text[at] === "{") {
    at += 1;
    while (text[at] === '"') {
      const nameEnd = endOfText(text, at);
      const start = nameEnd + 1;
      const end = endOfValue(text, start);
      if (contentMembers.includes(text.slice(at, nameEnd))) yield { start, end };
      at = text[end] === "," ? end + 1 : end;
    }
    at += text[at + 1] === "," ? 2 : 1;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfText(text, start);
  return first === "{" || first === "[" ? endOfTree(text, start) : endOfLeaf(text, start);
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

function endOfLeaf(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closeBrace || code === closeBracket) return at;
  }
  return text.length;
}

function endOfTree(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at) - 1;
    else if (code === openBrace || code === openBracket) depth += 1;
    else if (code === closeBrace || code === closeBracket) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** A quote ends a text unless an odd number of backslashes stands before it. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return text.length;
}
