/** Gives where each line of a text ends, its line break included. */
export function cutLines(text: string): number[] {
  const ends: number[] = [];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) ends.push(end + 1);
  if (text.length > (ends.at(-1) ?? 0)) ends.push(text.length);
  return ends;
}

/** Gives where each word, each stretch of white space and each mark of punctuation ends. */
export function cutWords(text: string): number[] {
  const ends: number[] = [];
  for (let i = 1; i <= text.length; i++) {
    const sort = sortOf(text.charCodeAt(i - 1));
    if (i === text.length || sort === mark || sort !== sortOf(text.charCodeAt(i))) ends.push(i);
  }
  return ends;
}

const [space, mark, letter] = [0, 1, 2];

/** Anything beyond ASCII counts as a letter, so that no character of two code units is cut in half. */
function sortOf(unit: number): number {
  if (unit <= 0x20) return space;
  const isDigit = unit >= 0x30 && unit <= 0x39;
  const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
  return isDigit || isLetter || unit === 0x5f || unit >= 0x80 ? letter : mark;
}
