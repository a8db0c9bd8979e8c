import { type Context, ContextError, isContextError, type Store } from "../../../index.js";
import type { Vector } from "./embedding.js";
import type { ItemReader } from "./item-reader.js";
import { isItemRecord } from "./item-record.js";
import { keyOf } from "./namespace-id.js";
import { NamespaceContexts } from "./namespace-contexts.js";

/** What is to become of one item. */
export interface ItemChange {
  /** The id of its namespace's context. */
  readonly id: string;
  readonly itemKey: string;
  /** What is put, as it is stored, with the vectors of its texts; without it, the item is deleted. */
  readonly put?: { readonly value: unknown; readonly vectors: readonly Vector[] };
}

/** Writes items: what is written together is there together, or not at all. */
export class ItemWriter {
  readonly #store: Store;
  readonly #reader: ItemReader;
  readonly #now: () => number;
  readonly #contexts: NamespaceContexts;

  constructor(store: Store, reader: ItemReader, now: () => number) {
    this.#store = store;
    this.#reader = reader;
    this.#now = now;
    this.#contexts = new NamespaceContexts(store);
  }

  /** Makes changes in one transaction. The contexts of new namespaces are made before it, empty. */
  write(changes: readonly ItemChange[]): void {
    try {
      this.#write(changes);
    } catch (error) {
      if (!isContextError(error, "CONTEXT_DELETED")) throw error;
      // Somebody deleted or renamed a context that was held; nothing of these changes was made.
      this.#contexts.clear();
      this.#write(changes);
    }
  }

  /** Erases all that an item ever was; tells how many values that were. */
  erase(id: string, itemKey: string, reason: string): number {
    using context = this.#store.find(id);
    // The item goes last: while it is there, the caller sees that there is something to erase.
    const keys = [keyOf("vectors/", itemKey), keyOf("item/", itemKey)];
    return keys.reduce((values, key) => values + (context?.redact([key], reason).values ?? 0), 0);
  }

  /** Lets go of all that is held in memory. */
  release(): void {
    this.#contexts.clear();
  }

  #write(changes: readonly ItemChange[]): void {
    const contexts = this.#contextsOf(changes);
    const [first] = contexts.values();
    first?.batch(() => {
      for (const [id, context] of contexts) {
        context.refresh();
        if (context.id !== id) throw new ContextError("CONTEXT_DELETED", { context: id });
      }
      for (const change of changes) {
        const context = contexts.get(change.id);
        if (context !== undefined) this.#change(context, change);
      }
    });
    this.#contexts.trim();
  }

  /** The contexts that changes concern; a deletion makes none. */
  #contextsOf(changes: readonly ItemChange[]): ReadonlyMap<string, Context> {
    const contexts = new Map<string, Context>();
    for (const { id, put } of changes) {
      if (contexts.has(id)) continue;
      const context = put === undefined ? this.#contexts.find(id) : this.#contexts.open(id);
      if (context === undefined) continue;
      this.#reader.noteOpened(id);
      contexts.set(id, context);
    }
    return contexts;
  }

  #change(context: Context, { itemKey, put }: ItemChange): void {
    const [key, vectorsKey] = [keyOf("item/", itemKey), keyOf("vectors/", itemKey)];
    if (put === undefined) {
      context.delete(key);
      context.delete(vectorsKey);
      return;
    }
    const present = context.get(key);
    const updatedAt = this.#now();
    const createdAt = isItemRecord(present) ? present.createdAt : updatedAt;
    context.set(key, { createdAt, updatedAt, value: put.value });
    // Vectors of an older value would be found for what the item says no more.
    if (put.vectors.length > 0) context.set(vectorsKey, put.vectors);
    else context.delete(vectorsKey);
  }
}
