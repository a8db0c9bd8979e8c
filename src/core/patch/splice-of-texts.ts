/** Where a text differs from another, in UTF-16 code units; neither end lies within a character. */
export interface TextSplice {
  readonly from: number;
  readonly remove: number;
  readonly add: string;
}

/** Texts of so few code units are replaced rather than spliced. */
const shortest = 64;

/** Finds the one stretch in which two texts differ; undefined where replacing all of it costs no more. */
export function spliceOfTexts(before: string, after: string): TextSplice | undefined {
  if (before.length < shortest) return undefined;
  const shorter = Math.min(before.length, after.length);
  let from = after.startsWith(before) ? before.length : firstDifference(before, after, shorter);
  if (isWithinCharacter(before, from) || isWithinCharacter(after, from)) from -= 1;
  let tail = 0;
  const [end, newEnd] = [before.length - 1, after.length - 1];
  while (tail < shorter - from && before.charCodeAt(end - tail) === after.charCodeAt(newEnd - tail)) tail++;
  if (isWithinCharacter(before, before.length - tail) || isWithinCharacter(after, after.length - tail))
    tail -= 1;
  const add = after.slice(from, after.length - tail);
  return add.length * 2 > after.length ? undefined : { from, remove: before.length - tail - from, add };
}

function firstDifference(before: string, after: string, end: number): number {
  let place = 0;
  while (place < end && before.charCodeAt(place) === after.charCodeAt(place)) place++;
  return place;
}

/** Whether a place lies between the halves of a surrogate pair. */
function isWithinCharacter(text: string, place: number): boolean {
  return place > 0 && isHalf(text, place - 1, 0xd800) && isHalf(text, place, 0xdc00);
}

function isHalf(text: string, place: number, first: number): boolean {
  const unit = text.charCodeAt(place);
  return unit >= first && unit < first + 0x400;
}
