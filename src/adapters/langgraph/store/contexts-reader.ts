import type { ContextInfo, Store } from "../../../index.js";
import type { ItemReader, StoredPlace } from "./item-reader.js";
import { type IdRange, itemKeyOf, type KeyKind, keyOf } from "./namespace-id.js";

/** In which order the namespaces of each store were made; their times may be the same. */
const orders = new WeakMap<Store, Map<string, number>>();

/** Reads items of a store that has no SQL, by its contexts. */
export class ContextsReader implements ItemReader {
  readonly #store: Store;
  readonly #order: Map<string, number>;

  constructor(store: Store) {
    this.#store = store;
    this.#order = orders.get(store) ?? new Map<string, number>();
    orders.set(store, this.#order);
  }

  *places(range: IdRange): Generator<readonly StoredPlace[]> {
    for (const { id } of this.#infos(range)) yield this.#placesIn(id);
  }

  read(kind: KeyKind, places: readonly StoredPlace[]): readonly unknown[] {
    return places.map(({ id, itemKey }) => {
      using context = this.#store.find(id);
      return context?.clone(keyOf(kind, itemKey));
    });
  }

  idsWithItems(range: IdRange): readonly string[] {
    return this.#infos(range)
      .map(({ id }) => id)
      .filter((id) => this.#placesIn(id).length > 0);
  }

  noteOpened(id: string): void {
    if (!this.#order.has(id)) this.#order.set(id, this.#order.size);
  }

  #placesIn(id: string): readonly StoredPlace[] {
    using context = this.#store.find(id);
    const keys = context?.keys().filter((key) => key.startsWith("item/")) ?? [];
    return keys.map((key) => ({ id, itemKey: itemKeyOf(key) }));
  }

  #infos({ id, from, before }: IdRange): readonly ContextInfo[] {
    const found = this.#store
      .contexts()
      .filter((info) => info.id === id || (info.id >= from && info.id < before));
    const place = (info: ContextInfo) => this.#order.get(info.id) ?? 0;
    return found.sort((one, other) => one.createdAt - other.createdAt || place(one) - place(other));
  }
}
