import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import {
  type Context,
  openMemoryStore,
  openStore,
  type Mode,
  type Store,
  type SqliteStoreOptions,
  type StoreOptions,
} from "../../src/index.js";
import { temporaryFolder } from "./sqlite-files.js";

/** A store of any engine; `await` fits what it answers, at once or later. */
export type AnyStore = Store<Mode>;
export type AnyContext = Context<Record<string, unknown>, Mode>;

/** One engine under test. */
export interface TestEngine {
  readonly name: string;
  /** Opens an empty store, which is closed when the test ends. */
  readonly open: (options?: StoreOptions) => AnyStore;
  /** Gives the same contexts in a store opened anew: from the file, or from an export where there is none. */
  readonly reopen: (store: AnyStore, options?: StoreOptions) => Promise<AnyStore>;
}

/** How changes are recorded says nothing of what is read: whatever holds must hold where it is forced, either way. */
const forced = { sqlite: "always", sync: "never", async: "always" } as const;

const engines: readonly TestEngine[] = [
  {
    name: "SQLite",
    open: (options) =>
      openSqliteStore(join(temporaryFolder(), "store.db"), { patches: forced.sqlite, ...options }),
    reopen: async (store, options) => {
      await store.close();
      return openSqliteStore(store.location, { patches: forced.sqlite, ...options });
    },
  },
  memoryEngine("sync"),
  memoryEngine("async"),
];

/** Describes what holds on every engine. */
export function eachEngine(topic: string, tests: (engine: TestEngine) => void): void {
  describe.each(engines)(`${topic}, on $name`, tests);
}

/** Opens a store on a file, which is closed when the test ends. A lost power supply is not what is tested here. */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Store {
  const store = openStore(path, { durability: "normal", ...options });
  onTestFinished(() => store.close());
  return store;
}

function memoryEngine(mode: Mode): TestEngine {
  const open = (options: StoreOptions = {}): AnyStore => {
    const store = openMemoryStore({ patches: forced[mode], ...options, mode });
    onTestFinished(async () => store.close());
    return store;
  };
  return {
    name: `memory (${mode})`,
    open,
    reopen: async (store, options) => {
      const file = join(temporaryFolder(), `${randomUUID()}.jsonl`);
      await store.save(file);
      await store.close();
      const reopened = open(options);
      await reopened.load(file);
      return reopened;
    },
  };
}
