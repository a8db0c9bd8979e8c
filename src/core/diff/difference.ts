/**
 * Differences: how one value became another, as a list of changes; making it, applying it, and its exchange
 * as JSON Patch (RFC 6902). Pure, over values as the store holds them; knows nothing of keys or contexts.
 */

/** Steps into a value: a string names a key of an object, a number an element of an array. */
export type Path = readonly (string | number)[];

/**
 * How one value became another, in document order: an object's keys as before, then its new ones; an array's
 * elements from first to last. Empty if the values are equal.
 */
export type Difference = readonly Change[];

export type Change = Added | Removed | Changed;

/** A key or an element that is only in the later value; `path` is its place there. */
export interface Added {
  readonly kind: "added";
  readonly path: Path;
  readonly after: unknown;
}

/** A key or an element that is only in the earlier value; `path` is its place there. */
export interface Removed {
  readonly kind: "removed";
  readonly path: Path;
  readonly before: unknown;
}

/** A part that has another value now; `path` is its place in the later value. */
export interface Changed {
  readonly kind: "changed";
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
  /** Present if both are strings long enough that a reader wants to see where they differ. */
  readonly text?: readonly TextEdit[];
}

/** One stretch of a text that was exchanged. Edits come in order and do not touch each other. */
export interface TextEdit {
  /** Where in the earlier text, in UTF-16 code units. */
  readonly at: number;
  readonly removed: string;
  readonly inserted: string;
}
