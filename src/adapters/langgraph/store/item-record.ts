import type { Item } from "@langchain/langgraph-checkpoint";

/** What is kept of an item under its key: the value, and when it was put, in ms since the epoch. */
export interface ItemRecord {
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly value: unknown;
}

/** Where an item is. */
export interface ItemPlace {
  readonly namespace: readonly string[];
  readonly key: string;
}

/** Whether a stored value is an item's record; whoever writes to a namespace's context by hand may store anything. */
export function isItemRecord(value: unknown): value is ItemRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "value" in value &&
    "createdAt" in value &&
    "updatedAt" in value &&
    typeof value.createdAt === "number" &&
    typeof value.updatedAt === "number"
  );
}

/** Makes an item as LangGraph knows it, of a record that nobody else holds. */
export function toItem({ namespace, key }: ItemPlace, record: ItemRecord): Item {
  return {
    // The value is what was put; LangGraph's type says that it is an object.
    value: record.value as Record<string, unknown>,
    key,
    namespace: [...namespace],
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
  };
}
