import { share } from "../value/copy.js";
import { recordLevels } from "../value/walk.js";
import type { Held } from "../value/codec.js";
import { diffWithin } from "./diff-values.js";
import type { Change, Difference } from "./difference.js";

/** Keys with their values as a store holds them. */
export type HeldValues = Iterable<readonly [key: string, held: Held]>;

/**
 * Tells how some keys became others. Values are compared as they are held, since only so can instances of
 * registered classes be; what the difference says of them is a reader's to keep.
 * @throws {ContextError} VALUE_TOO_DEEP
 */
export function diffHeld(before: HeldValues, after: HeldValues): Difference {
  // A key is one level more than its value may have.
  return diffWithin(recordOf(before), recordOf(after), recordLevels).map(shareChange);
}

function recordOf(values: HeldValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...values].map(([key, { value }]) => [key, value]));
}

function shareChange(change: Change): Change {
  switch (change.kind) {
    case "added":
      return { ...change, after: share(change.after) };
    case "removed":
      return { ...change, before: share(change.before) };
    case "changed":
      return { ...change, before: share(change.before), after: share(change.after) };
  }
}
