import type { Item } from "@langchain/langgraph-checkpoint";
import {
  type Address,
  type Context,
  type ContextEvent,
  type HistoryQuery,
  isContextError,
  type Store,
} from "../../../index.js";
import { type ItemPlace, readRecord, toItem } from "./item-record.js";
import { keyOf } from "./namespace-id.js";

/** Which versions of an item to read. */
export interface ItemHistoryOptions {
  /** `oldest` first (default), or `newest` first. */
  readonly order?: "oldest" | "newest";
  /** At most so many; without it, all. */
  readonly limit?: number;
}

/** What an item was, from one change on until the next. */
export interface ItemVersion {
  /** What was done to it. Of a value that was erased since, nothing is left but that it was put. */
  readonly kind: "put" | "deleted" | "erased";
  /** The item; null from its deletion on, and where it was erased. */
  readonly item: Item | null;
  /** When it was put, or deleted. */
  readonly at: Date;
  /** The version of its namespace's context, and the number of the event there. */
  readonly version: number;
  readonly sequence: number;
  /** Who did it, and why, where that was said. */
  readonly actor: string | null;
  readonly cause: string | null;
}

/** Reads what items were, from the history of their namespace's context. */
export class ItemHistory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The versions of an item, with its deletions. */
  versions(id: string, place: ItemPlace, { order, limit }: ItemHistoryOptions): ItemVersion[] {
    using context = this.#store.find(id);
    const query = { ...(order === undefined ? {} : { order }), ...(limit === undefined ? {} : { limit }) };
    return context === undefined ? [] : [...this.#walk(context, place, query)];
  }

  /** The item as it was at a time, or at a point in the history of its namespace's context. */
  at(id: string, place: ItemPlace, point: Address): Item | null {
    using context = this.#store.find(id);
    if (context === undefined) return null;
    if (!(point instanceof Date)) return this.#standing(context, place, point);
    for (const { item, at } of this.#walk(context, place, { order: "newest" }))
      if (at.getTime() <= point.getTime()) return item;
    try {
      // A pruned history still has what stood where it begins.
      return this.#standing(context, place, point);
    } catch (error) {
      if (isContextError(error, "ADDRESS_NOT_FOUND")) return null;
      throw error;
    }
  }

  #standing(context: Context, place: ItemPlace, point: Address): Item | null {
    const key = keyOf("item/", place.key);
    const record = readRecord(context.at(point, { keys: [key] }).get(key));
    return record === undefined ? null : toItem(place, record);
  }

  *#walk(context: Context, place: ItemPlace, query: HistoryQuery): Generator<ItemVersion> {
    const key = keyOf("item/", place.key);
    const where = (event: ContextEvent) => effectOn(event, key) !== undefined;
    for (const event of context.events({ ...query, key, where })) yield this.#versionOf(event, key, place);
  }

  #versionOf(event: ContextEvent, key: string, place: ItemPlace): ItemVersion {
    const { version, sequence, actor, cause } = event;
    const { op, value } = effectOn(event, key) ?? {};
    const about = { version, sequence, actor, cause };
    const record = readRecord(value);
    if (record === undefined)
      return { kind: op === "set" ? "erased" : "deleted", item: null, at: new Date(event.at), ...about };
    const item = toItem(place, record);
    return { kind: "put", item, at: item.updatedAt, ...about };
  }
}

function effectOn({ effects }: ContextEvent, key: string): ContextEvent["effects"][number] | undefined {
  return effects.find((effect) => effect.scope === "persistent" && effect.key === key);
}
