import { type Difference, type DifferenceChange, writePath } from "../index.js";
import { countOf } from "./count-of.js";
import type { Fragment } from "./styled-text.js";
import { cutText, previewValue } from "./value-preview.js";

/** One line, as pieces that may look different. */
export type Line = readonly Fragment[];

/** How a difference is told. */
export interface DifferenceLook {
  /** At most so many characters of one value are written. */
  readonly longest: number;
  /** Writes what is neither plain nor built in; see `Cli.textOf`. */
  readonly textOf?: (value: unknown) => string;
  /** What is said beside the place of every change, such as `ephemeral`. */
  readonly mark?: string;
}

/** Both sides of a change stand in one line up to this many characters. */
const shortChange = 60;
/** What is kept around an edit of a text, so that one finds it. */
const surroundings = 24;
const mostEdits = 100;
const longestPath = 200;

/**
 * Tells a difference line by line, as they are asked for: `+ added`, `- removed`, `~ changed`. The signs say
 * what the colours say. Lines are neither cut to a width nor made safe; that is for whoever prints them.
 */
export function* differenceLines(difference: Difference, look: DifferenceLook): Generator<Line, void, void> {
  for (const change of difference) yield* changeLines(change, look);
}

function* changeLines(change: DifferenceChange, look: DifferenceLook): Generator<Line, void, void> {
  const place = `${pathText(change.path)}${look.mark === undefined ? "" : ` (${look.mark})`}`;
  switch (change.kind) {
    case "added":
      return yield [green(`+ ${place}: ${previewValue(change.after, look)}`)];
    case "removed":
      return yield [red(`- ${place}: ${previewValue(change.before, look)}`)];
    case "changed":
      if (change.text === undefined) return yield* changedLines(change, place, look);
      yield [yellow(`~ ${place}: `), countOf(change.text.length, "edit")];
      yield* editLines(change, look);
  }
}

type Changed = Extract<DifferenceChange, { kind: "changed" }>;

function* changedLines(change: Changed, place: string, look: DifferenceLook): Generator<Line, void, void> {
  const [before, after] = [previewValue(change.before, look), previewValue(change.after, look)];
  if (before.length + after.length <= shortChange) {
    return yield [yellow(`~ ${place}: `), red(before), " → ", green(after)];
  }
  yield [yellow(`~ ${place}:`)];
  yield [red(`    - ${before}`)];
  yield [green(`    + ${after}`)];
}

/** Tells the edits of a long text as `git diff --word-diff` would: with a little of what is around them. */
function* editLines(
  { before, text: edits = [] }: Changed,
  { longest }: DifferenceLook,
): Generator<Line, void, void> {
  // Only texts have edits.
  const text = before as string;
  for (const { at, removed, inserted } of edits.slice(0, mostEdits)) {
    const end = at + removed.length;
    yield [
      `    ${at > surroundings ? "…" : ""}${text.slice(Math.max(0, at - surroundings), at)}`,
      removed === "" ? "" : red(`[-${cutText(removed, longest)}-]`),
      inserted === "" ? "" : green(`{+${cutText(inserted, longest)}+}`),
      `${text.slice(end, end + surroundings)}${end + surroundings < text.length ? "…" : ""}`,
    ];
  }
  if (edits.length > mostEdits) yield [`    and ${countOf(edits.length - mostEdits, "more edit")}`];
}

/** Writes a place in a state as one would in code: `plan.steps[3]`, `["odd.key"].x`. */
export function pathText([key, ...steps]: DifferenceChange["path"]): string {
  // A state is an object, so that its parts have a key first; a difference of other values may have an index.
  return key === undefined ? "(the whole value)" : cutText(writePath([key as string, ...steps]), longestPath);
}

function green(text: string): Fragment {
  return { text, style: "green" };
}

function red(text: string): Fragment {
  return { text, style: "red" };
}

function yellow(text: string): Fragment {
  return { text, style: "yellow" };
}
