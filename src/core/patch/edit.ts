/** A way into a value: keys of plain objects and indexes of arrays. */
export type EditPath = readonly (string | number)[];

/**
 * One change inside a value: a part set or deleted, or some elements of a list, or code units of a text, replaced
 * by others. Edits are applied one after the other, each on what those before it have made. They lead only through
 * arrays and plain objects, whose encodings look as they do, so the same edit fits a value and its encoding.
 */
export type Edit = SetEdit | DeleteEdit | SpliceEdit;

export interface SetEdit {
  readonly at: EditPath;
  readonly set: unknown;
}
export interface DeleteEdit {
  readonly at: EditPath;
  readonly delete: true;
}
export interface SpliceEdit {
  readonly at: EditPath;
  readonly from: number;
  readonly remove: number;
  readonly add: readonly unknown[] | string;
}

/** The edit with other parts in the place of those that it brings. */
export function withParts(edit: Edit, change: (part: unknown) => unknown): Edit {
  if ("set" in edit) return { at: edit.at, set: change(edit.set) };
  if ("delete" in edit || typeof edit.add === "string") return edit;
  return { ...edit, add: edit.add.map(change) };
}
