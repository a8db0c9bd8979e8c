import type { Budget } from "./budget.js";
import type { TextEdit } from "./difference.js";
import { diffTokens, type Stretch } from "./text-stretches.js";
import { cutLines, cutWords } from "./text-tokens.js";

/** From this length on, where two texts differ is told. */
const longText = 64;

/** Longer stretches of changed lines are not looked into. */
const longestWorded = 65_536;

/** Lines whose rest is longer stay cut where the difference begins or ends. */
const longestWidening = 500;

/** What cutting a character into words and finding them again costs, in steps. */
const stepsPerCharacter = 8;

/** More edits than that nobody reads, and they would take more than the text. */
const maximumEdits = 10_000;

/** What is kept between two edits joins them if it is shorter. */
const shortestKept = 4;

/** Says whether a value is a text long enough that a change of it is told by edits. */
export function isLongText(value: unknown): value is string {
  return typeof value === "string" && value.length >= longText;
}

/**
 * Tells how one text became another: by lines, and within changed lines by words. A text that grew at its end
 * gives one edit; texts that share little give one, too.
 */
export function diffTexts(before: string, after: string, budget: Budget): TextEdit[] {
  const whole = trim(before, after);
  const isSimple = isOneSided(whole) || !budget.spend(whole.toA - whole.fromA + whole.toB - whole.fromB);
  const chosen = isSimple ? [whole] : diffInside(before, after, whole, budget);
  return chosen.map(({ fromA, toA, fromB, toB }) => ({
    at: fromA,
    removed: before.slice(fromA, toA),
    inserted: after.slice(fromB, toB),
  }));
}

/** Gives what lies between the common beginning and the common end. */
function trim(before: string, after: string): Stretch {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  let [toA, toB] = [before.length, after.length];
  while (toA > start && toB > start && before.charCodeAt(toA - 1) === after.charCodeAt(toB - 1)) {
    toA--;
    toB--;
  }
  // Half a character is no place for an edit to end.
  if (toA < before.length && isLowSurrogate(before.charCodeAt(toA))) {
    toA++;
    toB++;
  }
  return { fromA: start, toA, fromB: start, toB };
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

function isOneSided({ fromA, toA, fromB, toB }: Stretch): boolean {
  return fromA === toA || fromB === toB;
}

function diffInside(before: string, after: string, whole: Stretch, budget: Budget): Stretch[] {
  const lines = widen(before, whole);
  const stretches = join(
    diffTokens(before, after, lines, { cut: cutLines, budget }).flatMap((stretch) =>
      diffLines(before, after, stretch, budget),
    ),
  );
  return isTelling(stretches, lines) ? stretches : [whole];
}

/** Widens a stretch to whole lines: the same words may begin several, and what is trimmed off ends anywhere. */
function widen(before: string, { fromA, toA, fromB, toB }: Stretch): Stretch {
  const start = fromA === 0 ? 0 : before.lastIndexOf("\n", fromA - 1) + 1;
  const end = before.indexOf("\n", toA - 1) + 1 || before.length;
  const [ahead, behind] = [fromA - start, end - toA].map((size) => (size <= longestWidening ? size : 0));
  return {
    fromA: fromA - (ahead ?? 0),
    toA: toA + (behind ?? 0),
    fromB: fromB - (ahead ?? 0),
    toB: toB + (behind ?? 0),
  };
}

function diffLines(before: string, after: string, lines: Stretch, budget: Budget): Stretch[] {
  const size = lines.toA - lines.fromA + lines.toB - lines.fromB;
  if (isOneSided(lines) || size > longestWorded || !budget.spend(size * stepsPerCharacter)) return [lines];
  const words = diffTokens(before, after, lines, { cut: cutWords, budget });
  return isTelling(words, lines) ? words : [lines];
}

/** Joins stretches between which hardly anything is kept. */
function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last === undefined || stretch.fromA - last.toA >= shortestKept) joined.push(stretch);
    else joined[joined.length - 1] = { ...last, toA: stretch.toA, toB: stretch.toB };
  }
  return joined;
}

/** Says whether the stretches are few, and leave a quarter of what they lie in. */
function isTelling(stretches: readonly Stretch[], whole: Stretch): boolean {
  if (stretches.length > maximumEdits) return false;
  const removed = stretches.reduce((sum, { fromA, toA }) => sum + toA - fromA, 0);
  const kept = whole.toA - whole.fromA - removed;
  return kept * 4 >= Math.min(whole.toA - whole.fromA, whole.toB - whole.fromB);
}
