import { isContextError, type Store, type ValueClass } from "../../../index.js";
import { ContextsReader } from "./contexts-reader.js";
import type { ItemReader } from "./item-reader.js";
import { SqlReader } from "./sql-reader.js";

/** Reads by SQL where the store has it, so that no namespace has to be loaded whole. */
export function openReader(store: Store, classes: readonly ValueClass[]): ItemReader {
  try {
    store.query("SELECT 1");
    return new SqlReader(store, classes);
  } catch (error) {
    if (isContextError(error, "NOT_SUPPORTED")) return new ContextsReader(store);
    throw error;
  }
}
