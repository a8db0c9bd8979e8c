import { join } from "node:path";
import {
  DurableContextStore,
  type DurableContextStoreOptions,
  type IndexOptions,
} from "../../src/adapters/langgraph/index.js";
import { openMemoryStore, type Store, type StoreOptions } from "../../src/index.js";
import { openSqliteStore } from "./each-engine.js";
import { temporaryFolder } from "./sqlite-files.js";

/** A namespace of many tests. */
export const ada = ["users", "ada"];

/** A store for a graph's memory, and the store that it is kept in. */
interface Memory {
  readonly store: Store;
  readonly memory: DurableContextStore;
  /** The same in a store opened anew, where the engine has a file. */
  readonly reopen: () => DurableContextStore;
}

/** Opens one in a file. */
export function onSqlite(options: StoreOptions = {}, own: DurableContextStoreOptions = {}): Memory {
  const store = openSqliteStore(join(temporaryFolder(), "store.db"), options);
  const reopen = () => {
    store.close();
    return new DurableContextStore(openSqliteStore(store.location, options), own);
  };
  return { store, memory: new DurableContextStore(store, own), reopen };
}

/** Opens one that has no file. */
export function inMemory(options: StoreOptions = {}, own: DurableContextStoreOptions = {}): Memory {
  const store = openMemoryStore(options);
  return {
    store,
    memory: new DurableContextStore(store, own),
    reopen: () => new DurableContextStore(store, own),
  };
}

/** Vectors whose digits need all of a number, of letters of a text. */
export function letters(text: string): number[] {
  return ["a", "e", "n", "s"].map((letter) => text.split(letter).length / 3);
}

/** An index, and the texts that it was asked for. */
export function counted(): { index: IndexOptions; asked: string[] } {
  const asked: string[] = [];
  const embed = async (texts: readonly string[]) => {
    asked.push(...texts);
    return texts.map(letters);
  };
  return { asked, index: { dims: 4, embed, fields: ["text", "more[*].text"] } };
}
