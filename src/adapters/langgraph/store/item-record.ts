import type { Item } from "@langchain/langgraph-checkpoint";
import { fromStored } from "../stored.js";

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

/** Reads a record, as a copy; whoever writes to a namespace's context by hand may store anything else there. */
export function readRecord(stored: unknown): ItemRecord | undefined {
  return isItemRecord(stored) ? { ...stored, value: fromStored(stored.value) } : undefined;
}

/** Whether what is stored is an item's record. */
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
