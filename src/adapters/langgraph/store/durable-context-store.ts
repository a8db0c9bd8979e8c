import {
  BaseStore,
  type Item,
  type Operation,
  type OperationResults,
  validateNamespace,
} from "@langchain/langgraph-checkpoint";
import {
  type Address,
  openStore,
  type SqliteStoreOptions,
  type Store,
  type ValueClass,
} from "../../../index.js";
import { Embedding, type IndexOptions } from "./embedding.js";
import { ItemBatches } from "./item-batches.js";
import { ItemHistory, type ItemHistoryOptions, type ItemVersion } from "./item-history.js";
import { ItemWriter } from "./item-writer.js";
import { type IdPrefix, idOf, takePrefix } from "./namespace-id.js";
import { openReader } from "./open-reader.js";
import { takeOperations } from "./take-operations.js";

/** How a store for LangGraph's long-term memory is set up. */
export interface DurableContextStoreOptions {
  /** Ids of contexts begin with this and a colon. Default: `memory`. */
  readonly prefix?: string;
  /** Makes items searchable by meaning; without it, a search with a `query` is refused. */
  readonly index?: IndexOptions;
  /** The classes that the store was opened with. */
  readonly classes?: readonly ValueClass[];
  /** The clock for `createdAt` and `updatedAt`, in ms since the epoch. Default: the machine's. */
  readonly now?: () => number;
}

/** The same, for one that opens a store of its own. */
export type OwnStoreOptions = SqliteStoreOptions & DurableContextStoreOptions;

/**
 * LangGraph's long-term memory in a store of contexts, beside whatever else is in it. Each namespace is a context,
 * so what its items were is kept, too. A batch reads what was there before it; what it puts and deletes is done in
 * one transaction.
 * @example const graph = builder.compile({ store: DurableContextStore.open("agent.db") });
 */
export class DurableContextStore extends BaseStore {
  readonly #store: Store;
  readonly #isOwner: boolean;
  readonly #prefix: IdPrefix;
  readonly #classes: readonly ValueClass[];
  readonly #writer: ItemWriter;
  readonly #batches: ItemBatches;
  readonly #history: ItemHistory;

  /**
   * Uses a store that may hold other contexts, too; closing leaves it open, unless it is handed over.
   * @throws {ContextError} OPTION_INVALID
   */
  constructor(
    store: Store,
    options: DurableContextStoreOptions = {},
    { isOwner = false }: { readonly isOwner?: boolean } = {},
  ) {
    super();
    this.#store = store;
    this.#isOwner = isOwner;
    const { prefix = "memory", index, classes = [], now = () => Date.now() } = options;
    this.#prefix = takePrefix(prefix);
    this.#classes = classes;
    const reader = openReader(store, classes);
    this.#writer = new ItemWriter(store, reader, now);
    const embedding = index && new Embedding(index);
    this.#batches = new ItemBatches({ prefix: this.#prefix, reader, writer: this.#writer, embedding });
    this.#history = new ItemHistory(store);
  }

  /**
   * Opens a store in a file, making it if nothing of it exists; it is closed with this one.
   * @throws {ContextError} OPTION_INVALID, and what `openStore` throws
   */
  static open(path: string, options: OwnStoreOptions = {}): DurableContextStore {
    const store = openStore(path, options);
    try {
      return new DurableContextStore(store, options, { isOwner: true });
    } catch (error) {
      // Whoever gets nothing cannot close it.
      store.close();
      throw error;
    }
  }

  /**
   * Does operations as one: all reads as of the batch's beginning, then what is put and deleted, all of it or
   * nothing; of several puts of one item, the last.
   * @throws {InvalidNamespaceError}
   * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP, ID_INVALID, KEY_INVALID, OPTION_INVALID, and what
   *   writing throws
   */
  override async batch<Op extends readonly Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const results = await this.#batches.run(takeOperations(operations, this.#prefix, this.#classes));
    // What a graph is told stays.
    await this.#store.committed();
    // There is one result for each operation, of its kind.
    return results as OperationResults<Op>;
  }

  /**
   * What an item was over time, with its deletions.
   * @example await memory.history(["users", "ada"], "diet", { order: "newest", limit: 5 })
   */
  history(
    namespace: readonly string[],
    key: string,
    options: ItemHistoryOptions = {},
  ): Promise<ItemVersion[]> {
    return promised(() => this.#history.versions(this.contextId(namespace), { namespace, key }, options));
  }

  /**
   * An item as it was at a time, or at a version of its namespace's context; null where there was none.
   * @example await memory.getAt(["users", "ada"], "diet", new Date("2026-11-01"))
   * @throws {ContextError} ADDRESS_INVALID, ADDRESS_NOT_FOUND, HISTORY_PRUNED
   */
  getAt(namespace: readonly string[], key: string, at: Address): Promise<Item | null> {
    return promised(() => this.#history.at(this.contextId(namespace), { namespace, key }, at));
  }

  /**
   * Erases an item with its history and its vectors: of what it ever was, nothing is left but that it was there. A
   * deletion keeps the history.
   * @returns how many recorded values were erased
   * @throws {ContextError} OPTION_INVALID, KEY_PROTECTED, REDACTION_INHERITED
   */
  async erase(namespace: readonly string[], key: string, reason: string): Promise<number> {
    const values = this.#writer.erase(this.contextId(namespace), key, reason);
    await this.#store.committed();
    return values;
  }

  /**
   * The id of a namespace's context, for whatever contexts can do: fork, prune, save, watch.
   * @throws {InvalidNamespaceError}
   * @throws {ContextError} ID_INVALID
   */
  contextId(namespace: readonly string[]): string {
    validateNamespace([...namespace], { allowReservedRoot: true });
    return idOf(this.#prefix, namespace);
  }

  /** Lets go of what is held in memory, to be read again where it is needed. */
  override stop(): void {
    this.#writer.release();
  }

  /** Closes what this opened; a store that was handed to it stays open. */
  close(): void {
    this.stop();
    if (this.#isOwner) this.#store.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Does work at once, and promises what comes of it. */
function promised<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
