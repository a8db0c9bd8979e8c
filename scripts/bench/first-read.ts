/** Opens a store in this fresh process and reads a context's values once: by the library, or by SQL alone. */
import { contextId } from "./large-stores.js";

const [way = "", file = ""] = process.argv.slice(2);
const ways: Readonly<Record<string, () => Promise<() => number>>> = {
  ours: async () => {
    const { openStore } = await import("durable-context");
    return () => {
      using store = openStore(file);
      return Object.keys({ ...store.context(contextId).data }).length;
    };
  },
  raw: async () => {
    const { default: Database } = await import("better-sqlite3");
    return () => {
      const database = new Database(file);
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = FULL");
      const rows = database
        .prepare<[string], { key: string; value: string }>(
          `SELECT key, value FROM current_keys
           WHERE context = (SELECT id FROM contexts WHERE name = ?) AND scope = 'persistent' ORDER BY created`,
        )
        .all(contextId);
      const values = new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
      database.close();
      return values.size;
    };
  },
};

const importBegan = performance.now();
const read = await ways[way]?.();
const began = performance.now();
const keys = read?.();
const ended = performance.now();
console.log(JSON.stringify({ keys, ms: ended - began, importMs: began - importBegan }));
