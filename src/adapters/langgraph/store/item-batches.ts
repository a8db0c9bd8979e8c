import type { Item } from "@langchain/langgraph-checkpoint";
import { ContextError } from "../../../index.js";
import type { Embedding, Vector } from "./embedding.js";
import type { ItemReader } from "./item-reader.js";
import { type ItemPlace, readRecord, toItem } from "./item-record.js";
import { ItemSearch } from "./item-search.js";
import type { ItemChange, ItemWriter } from "./item-writer.js";
import { listNamespaces } from "./list-namespaces.js";
import { type IdPrefix, idOf } from "./namespace-id.js";
import type { PutTask, Task } from "./take-operations.js";

/** What batches work with. */
export interface BatchParts {
  readonly prefix: IdPrefix;
  readonly reader: ItemReader;
  readonly writer: ItemWriter;
  readonly embedding: Embedding | undefined;
}

/** The vectors that a batch needs: of the texts it searches for, and of the items it puts. */
interface Vectors {
  readonly ofQueries: ReadonlyMap<string, Vector>;
  readonly ofPuts: ReadonlyMap<PutTask, readonly Vector[]>;
}

const noVectors: Vectors = { ofQueries: new Map(), ofPuts: new Map() };

/** Does batches: at once where no vectors are needed, and what writes in the order of the calls. */
export class ItemBatches {
  readonly #parts: BatchParts;
  readonly #search: ItemSearch;
  /** Ends when the batches that write, and were called before, have ended, well or not. */
  #turn: Promise<unknown> | undefined;

  constructor(parts: BatchParts) {
    this.#parts = parts;
    this.#search = new ItemSearch(parts.reader, parts.prefix);
  }

  /** Gives the results of tasks, one for each. */
  async run(tasks: readonly Task[]): Promise<unknown[]> {
    for (const task of tasks) if (task.kind === "search") this.#requireIndex(task.operation.query);
    const puts = lastPuts(tasks);
    const vectors = this.#vectors(tasks, puts);
    const isReady = vectors === noVectors && (puts.length === 0 || this.#turn === undefined);
    if (isReady) return this.#do(tasks, puts, noVectors);
    if (puts.length === 0) return this.#results(tasks, await vectors);
    return this.#inTurn(async () => this.#do(tasks, puts, await vectors), vectors);
  }

  /** Runs work behind the batches that were called before; a failure of theirs is theirs. */
  async #inTurn<Result>(work: () => Promise<Result>, needed: Vectors | Promise<Vectors>): Promise<Result> {
    // Its failure is told by the work, which may not look at it for a while.
    Promise.resolve(needed).catch(() => undefined);
    const done = (this.#turn ?? Promise.resolve()).then(work);
    const turn = done.catch(() => undefined);
    this.#turn = turn;
    try {
      return await done;
    } finally {
      if (this.#turn === turn) this.#turn = undefined;
    }
  }

  #vectors(tasks: readonly Task[], puts: readonly PutTask[]): Vectors | Promise<Vectors> {
    const { embedding } = this.#parts;
    const queries = tasks.flatMap((task) => (task.kind === "search" ? (task.operation.query ?? "") : ""));
    const asked = queries.filter((query) => query !== "");
    const indexed = puts.filter(({ operation: { value, index } }) => value !== null && index !== false);
    if (embedding === undefined || (asked.length === 0 && indexed.length === 0)) return noVectors;
    const embeddable = indexed.map(({ operation: { value, index } }) => ({
      value,
      index: index === false ? [] : index,
    }));
    const found = Promise.all([embedding.ofQueries(asked), embedding.ofItems(embeddable)]);
    return found.then(([ofQueries, ofItems]) => ({
      ofQueries,
      ofPuts: new Map(indexed.map((put, i) => [put, ofItems[i] ?? []])),
    }));
  }

  #do(tasks: readonly Task[], puts: readonly PutTask[], vectors: Vectors): unknown[] {
    const results = this.#results(tasks, vectors);
    if (puts.length > 0) this.#parts.writer.write(puts.map((put) => this.#changeOf(put, vectors)));
    return results;
  }

  #results(tasks: readonly Task[], { ofQueries }: Vectors): unknown[] {
    const { reader, prefix } = this.#parts;
    return tasks.map((task) => {
      switch (task.kind) {
        case "get":
          return this.#get(task.operation);
        case "search":
          return this.#search.search(task.operation, ofQueries.get(task.operation.query ?? ""));
        case "list":
          return listNamespaces(reader, prefix, task.operation);
        case "put":
          return undefined;
      }
    });
  }

  #get(place: ItemPlace): Item | null {
    const { reader, prefix } = this.#parts;
    const id = idOf(prefix, place.namespace);
    const [stored] = reader.read("item/", [{ id, itemKey: place.key }]);
    const record = readRecord(stored);
    return record === undefined ? null : toItem(place, record);
  }

  #changeOf(put: PutTask, { ofPuts }: Vectors): ItemChange {
    const { namespace, key: itemKey } = put.operation;
    const place = { id: idOf(this.#parts.prefix, namespace), itemKey };
    if (put.stored === undefined) return place;
    return { ...place, put: { value: put.stored, vectors: ofPuts.get(put) ?? [] } };
  }

  /** @throws {ContextError} OPTION_INVALID */
  #requireIndex(query: string | null | undefined): void {
    // LangGraph's own store takes an empty text for no query.
    if (query === undefined || query === null || query === "" || this.#parts.embedding !== undefined) return;
    const why =
      "this store has no index to search by meaning; make it with { index: { dims, embeddings } }, or search without a query";
    throw new ContextError("OPTION_INVALID", { option: "query", why });
  }
}

/** The last put, or deletion, of each item, in the order in which the items come first. */
function lastPuts(tasks: readonly Task[]): readonly PutTask[] {
  const puts = new Map<string, PutTask>();
  for (const task of tasks) {
    if (task.kind !== "put") continue;
    puts.set(JSON.stringify([task.operation.namespace, task.operation.key]), task);
  }
  return [...puts.values()];
}
