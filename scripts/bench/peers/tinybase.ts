import { openRaw, pageBytes } from "../contestants/raw.js";
import type { Contestants } from "../contestant.js";
import { loadPeer } from "./load-peer.js";

interface TinyBase {
  readonly createStore: () => {
    readonly setCell: (table: string, row: string, cell: string, value: string) => unknown;
    readonly transaction: (work: () => void) => unknown;
  };
}

interface Persister {
  readonly startAutoSave: () => Promise<unknown>;
  readonly addStatusListener: (listener: (persister: unknown, status: number) => void) => string;
  readonly getStatus: () => number;
  readonly destroy: () => Promise<unknown>;
}

interface PersisterPackage {
  readonly createBetterSqlite3Persister: (store: unknown, database: unknown, config: object) => Persister;
}

const idle = 0;

/** TinyBase with its autosave: a row a key, of which it saves those that changed. It keeps no history. */
export const contestants: Contestants = {
  autosave: async ({ file, durability }) => {
    const { createStore } = await loadPeer<TinyBase>("tinybase");
    const persistence = await loadPeer<PersisterPackage>("tinybase/persisters/persister-better-sqlite3");
    const database = openRaw(file, durability);
    const store = createStore();
    const persister = persistence.createBetterSqlite3Persister(store, database, {
      mode: "tabular",
      tables: { load: { values: "values" }, save: { values: "values" } },
    });
    await persister.startAutoSave();
    let wake = (): void => undefined;
    persister.addStatusListener((_, status) => {
      if (status === idle) wake();
    });
    const saved = async () => {
      while (persister.getStatus() !== idle) await new Promise<void>((resolve) => (wake = resolve));
    };
    const put = (key: string, value: unknown) => {
      store.setCell("values", key, "value", JSON.stringify(value));
    };
    return {
      set: async (key, value) => {
        put(key, value);
        await saved();
      },
      setTogether: async (steps) => {
        store.transaction(() => {
          for (const [key, value] of steps) put(key, value);
        });
        await saved();
      },
      bytes: () => pageBytes(database),
      close: async () => {
        await persister.destroy();
        database.close();
      },
    };
  },
};
