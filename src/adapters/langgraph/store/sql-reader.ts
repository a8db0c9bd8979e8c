import { decodeValue, type Store, type ValueClass } from "../../../index.js";
import type { ItemReader, StoredPlace } from "./item-reader.js";
import { type IdRange, itemKeyOf, type KeyKind, keyOf } from "./namespace-id.js";

/** How many places a first page has, and a largest one; each has ten times as many as the one before. */
const pageSizes = { first: 100, largest: 100_000 };

/** Up to so many namespaces are sorted for a page of places; more are walked through in their order. */
const fewNamespaces = 200;

const inRange = "(c.name = ? OR (c.name >= ? AND c.name < ?)) AND c.id > 0 AND c.kept_sequence IS NULL";
const isItem = "k.context = c.id AND k.scope = 'persistent' AND k.key >= 'item/' AND k.key < 'item0'";

const countSql = `
  SELECT count(*) AS namespaces FROM (SELECT 1 FROM contexts AS c WHERE ${inRange} LIMIT ${fewNamespaces + 1})`;

/** Finds namespaces by name, or in the order of their numbers, where the walk ends as soon as the page is full. */
const placesSql = (contexts: "contexts AS c" | "contexts AS c NOT INDEXED") => `
  SELECT c.id AS context, c.name AS id, k.key AS key, k.created AS created
  FROM ${contexts} CROSS JOIN current_keys AS k ON ${isItem}
  WHERE ${inRange} AND c.id >= ? AND (c.id, k.created) > (?, ?)
  ORDER BY c.id, k.created LIMIT ?`;

const idsSql = `
  SELECT c.name AS id FROM contexts AS c
  WHERE ${inRange} AND EXISTS (SELECT 1 FROM current_keys AS k WHERE ${isItem})
  ORDER BY c.id`;

/** A large value stands in the log alone, and may be written as a change there. */
const text = "coalesce(k.value, context_value(c.name, k.key)) AS text";

const valueSql = `
  SELECT 0 AS place, ${text} FROM contexts AS c
  CROSS JOIN current_keys AS k ON k.context = c.id AND k.scope = 'persistent' AND k.key = ?
  WHERE c.name = ?`;

const valuesSql = `
  SELECT place.key AS place, ${text} FROM json_each(?) AS place
  CROSS JOIN contexts AS c ON c.name = place.value ->> 0
  CROSS JOIN current_keys AS k ON k.context = c.id AND k.scope = 'persistent' AND k.key = place.value ->> 1`;

/** Reads items by SQL. All that comes from callers is bound. */
export class SqlReader implements ItemReader {
  readonly #store: Store;
  readonly #classes: readonly ValueClass[];

  constructor(store: Store, classes: readonly ValueClass[]) {
    this.#store = store;
    this.#classes = classes;
  }

  *places({ id, from, before }: IdRange): Generator<readonly StoredPlace[]> {
    const range = [id, from, before];
    const sql = placesSql(this.#areMany(range) ? "contexts AS c NOT INDEXED" : "contexts AS c");
    let [context, created, size] = [0, 0, pageSizes.first];
    for (;;) {
      const { rows } = this.#store.query(sql, [...range, context, context, created, size]);
      // What the query gives, by its text.
      const page = rows as readonly PlaceRow[];
      yield page.map((row) => ({ id: row.id, itemKey: itemKeyOf(row.key) }));
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      ({ context, created } = last);
      size = Math.min(size * 10, pageSizes.largest);
    }
  }

  read(kind: KeyKind, places: readonly StoredPlace[]): readonly unknown[] {
    const found: unknown[] = places.map(() => undefined);
    for (const { place, text } of this.#textsIn(kind, places)) {
      if (text !== null) found[place] = decodeValue(text, { classes: this.#classes });
    }
    return found;
  }

  idsWithItems({ id, from, before }: IdRange): readonly string[] {
    // The query gives texts.
    return this.#store.query(idsSql, [id, from, before]).rows.map((row) => row.id as string);
  }

  /** The order in which contexts were made is in the store. */
  noteOpened(): void {
    return;
  }

  #areMany(range: readonly string[]): boolean {
    const [found] = this.#store.query(countSql, range).rows;
    return Number(found?.namespaces) > fewNamespaces;
  }

  #textsIn(kind: KeyKind, places: readonly StoredPlace[]): readonly ValueRow[] {
    const asked = places.map(({ id, itemKey }) => [id, keyOf(kind, itemKey)] as const);
    const [[id, key] = []] = asked;
    const { rows } =
      asked.length === 1
        ? this.#store.query(valueSql, [key, id])
        : this.#store.query(valuesSql, [JSON.stringify(asked)]);
    // What both queries give, by their text.
    return rows as readonly ValueRow[];
  }
}

interface PlaceRow extends Readonly<Record<string, unknown>> {
  readonly context: number;
  readonly id: string;
  readonly key: string;
  readonly created: number;
}

interface ValueRow extends Readonly<Record<string, unknown>> {
  readonly place: number;
  readonly text: string | null;
}
