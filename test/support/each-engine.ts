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

/** What stands in a file may also be compressed; elsewhere that says nothing. */
type EngineOptions = StoreOptions & Pick<SqliteStoreOptions, "compression">;

/** One engine under test. */
export interface TestEngine {
  readonly name: string;
  /** Opens an empty store, which is closed when the test ends. */
  readonly open: (options?: EngineOptions) => AnyStore;
  /** Gives the same contexts in a store opened anew: from the file, or from an export where there is none. */
  readonly reopen: (store: AnyStore, options?: EngineOptions) => Promise<AnyStore>;
}

/** How changes are recorded says nothing of what is read: whatever holds must hold where it is forced, either way. */
const forced = { sync: { patches: "never" }, async: { patches: "always" } } as const;
const forcedInFile = { patches: "always", compression: { overBytes: 0 } } as const;

const engines: readonly TestEngine[] = [
  {
    name: "SQLite",
    open: (options) => openSqliteStore(join(temporaryFolder(), "store.db"), { ...forcedInFile, ...options }),
    reopen: async (store, options) => {
      await store.close();
      return openSqliteStore(store.location, { ...forcedInFile, ...options });
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
  const open = (options: EngineOptions = {}): AnyStore => {
    const store = openMemoryStore({ ...forced[mode], ...options, mode });
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
