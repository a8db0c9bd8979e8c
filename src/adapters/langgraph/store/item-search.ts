import type { SearchItem, SearchOperation } from "@langchain/langgraph-checkpoint";
import type { Vector } from "./embedding.js";
import { filterOf, type ItemFilter } from "./item-filter.js";
import type { ItemReader, StoredPlace } from "./item-reader.js";
import { type ItemRecord, readRecord, toItem } from "./item-record.js";
import { type IdPrefix, idsBelow, namespaceOf } from "./namespace-id.js";
import { similarity } from "./similarity.js";

/** So many items are read at a time. */
const itemsAtOnce = 200;

/** An item that was found, and how near it is to what was searched for. */
interface Hit {
  readonly place: StoredPlace;
  readonly score: number | undefined;
}

/** Searches the items of a store. */
export class ItemSearch {
  readonly #reader: ItemReader;
  readonly #prefix: IdPrefix;

  constructor(reader: ItemReader, prefix: IdPrefix) {
    this.#reader = reader;
    this.#prefix = prefix;
  }

  /**
   * Finds items in the order in which they were made; with a query's vector the nearest first, and behind them,
   * in that order, those that have no vectors.
   */
  search(operation: SearchOperation, query: Vector | undefined): SearchItem[] {
    const { filter, limit, offset } = operation;
    const range = { start: offset ?? 0, end: (offset ?? 0) + (limit ?? 10) };
    const fits = filter && filterOf(filter);
    return query === undefined
      ? this.#inOrder(operation, fits, range)
      : this.#byNearness(operation, fits, range, query);
  }

  #inOrder(
    { namespacePrefix }: SearchOperation,
    fits: ItemFilter | undefined,
    { start, end }: { start: number; end: number },
  ): SearchItem[] {
    const found: SearchItem[] = [];
    let seen = 0;
    if (start === end) return found;
    // With a filter nobody knows how many have to be looked at.
    const wanted = fits === undefined ? end - start : itemsAtOnce;
    for (const places of this.#batches(namespacePrefix, wanted)) {
      // Without a filter nobody needs to look at what is skipped.
      const skipped = fits === undefined ? Math.min(places.length, Math.max(0, start - seen)) : 0;
      seen += skipped;
      for (const { place, record } of this.#read(places.slice(skipped))) {
        if (fits !== undefined && !fits(record.value)) continue;
        if (seen >= start) found.push(this.#itemOf(place, record));
        seen += 1;
        if (seen === end) return found;
      }
    }
    return found;
  }

  #byNearness(
    { namespacePrefix }: SearchOperation,
    fits: ItemFilter | undefined,
    { start, end }: { start: number; end: number },
    query: Vector,
  ): SearchItem[] {
    const hits: Hit[] = [];
    for (const places of this.#batches(namespacePrefix, itemsAtOnce)) {
      const fitting = fits === undefined ? places : this.#fitting(places, fits);
      this.#reader.read("vectors/", fitting).forEach((vectors, i) => {
        const place = fitting[i];
        // What stands under this key is what was written there, or nothing.
        if (place !== undefined) hits.push({ place, score: similarity(query, (vectors ?? []) as Vector[]) });
      });
    }
    const page = hits.sort(nearestFirst).slice(start, end);
    const scores = new Map(page.map(({ place, score }) => [place, score]));
    return [...this.#read(page.map(({ place }) => place))].map(({ place, record }) => {
      const score = scores.get(place);
      return { ...this.#itemOf(place, record), ...(score === undefined ? {} : { score }) };
    });
  }

  #fitting(places: readonly StoredPlace[], fits: ItemFilter): readonly StoredPlace[] {
    return [...this.#read(places)].filter(({ record }) => fits(record.value)).map(({ place }) => place);
  }

  /** All places, some at a time: as many as are wanted at first. */
  *#batches(namespace: readonly string[], wanted: number): Generator<readonly StoredPlace[]> {
    const size = Math.min(Math.max(wanted, 1), itemsAtOnce);
    for (const page of this.#reader.places(idsBelow(this.#prefix, namespace))) {
      for (let i = 0; i < page.length; i += size) yield page.slice(i, i + size);
    }
  }

  *#read(places: readonly StoredPlace[]): Generator<{ place: StoredPlace; record: ItemRecord }> {
    const stored = this.#reader.read("item/", places);
    for (const [i, place] of places.entries()) {
      const record = readRecord(stored[i]);
      if (record !== undefined) yield { place, record };
    }
  }

  #itemOf({ id, itemKey: key }: StoredPlace, record: ItemRecord): SearchItem {
    return toItem({ namespace: namespaceOf(this.#prefix, id), key }, record);
  }
}

/** Sorting keeps the order of equals, and of those without a score. */
function nearestFirst({ score: one }: Hit, { score: other }: Hit): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return other - one;
}
