import type { Context, Store } from "../../../index.js";

/** So many items are held in memory, in namespaces that were written to; the last of these stays, however large. */
const mostItems = 50_000;

/** The contexts of the namespaces that were written to last; they are loaded whole and kept for the next write. */
export class NamespaceContexts {
  readonly #store: Store;
  /** Those used last come last. */
  readonly #held = new Map<string, { readonly context: Context; items: number }>();
  #items = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Opens the context of a namespace, making it if it is new. */
  open(id: string): Context {
    return this.#find(id) ?? this.#hold(id, this.#store.context(id));
  }

  /** The context of a namespace, if there is one. */
  find(id: string): Context | undefined {
    const held = this.#find(id);
    if (held !== undefined) return held;
    const found = this.#store.find(id);
    return found && this.#hold(id, found);
  }

  /** Lets go of the contexts used longest ago, as far as there are too many items in them. */
  trim(): void {
    for (const [id, { context, items }] of this.#held) {
      if (this.#items <= mostItems || this.#held.size === 1) return;
      this.#release(id, context, items);
    }
  }

  /** Lets go of all of them: of those that were deleted or renamed meanwhile, too. */
  clear(): void {
    for (const [id, { context, items }] of this.#held) this.#release(id, context, items);
  }

  #find(id: string): Context | undefined {
    const held = this.#held.get(id);
    if (held === undefined) return undefined;
    this.#held.delete(id);
    this.#held.set(id, held);
    return held.context;
  }

  #hold(id: string, context: Context): Context {
    // Counted once; what is written to it meanwhile weighs little beside what was loaded.
    const items = context.keys().length + 1;
    this.#held.set(id, { context, items });
    this.#items += items;
    return context;
  }

  #release(id: string, context: Context, items: number): void {
    this.#held.delete(id);
    this.#items -= items;
    context.close();
  }
}
