import type { IdRange, KeyKind } from "./namespace-id.js";

/** Where a stored item is. */
export interface StoredPlace {
  /** The id of its namespace's context. */
  readonly id: string;
  /** The key that the item is called by in that context, whatever is kept of it. */
  readonly itemKey: string;
}

/** Reads what was stored, as it is at this moment, whoever wrote it. */
export interface ItemReader {
  /** Where items are: by the order in which namespaces, and items in them, were made; page by page. */
  readonly places: (range: IdRange) => Iterable<readonly StoredPlace[]>;
  /** What is kept in some places, in their order; copies, undefined where there is nothing. */
  readonly read: (kind: KeyKind, places: readonly StoredPlace[]) => readonly unknown[];
  /** The ids of namespaces that have items, in the order in which they were made. */
  readonly idsWithItems: (range: IdRange) => readonly string[];
  /** Hears of a namespace's context that was opened for writing, and maybe made for it. */
  readonly noteOpened: (id: string) => void;
}
