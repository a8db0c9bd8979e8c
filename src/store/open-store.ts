import { openSqliteEngine } from "../engines/sqlite/sqlite-engine.js";
import { checkWhole } from "./check-option.js";
import { createCore, type StoreOptions } from "./create-core.js";
import { createHost } from "./host.js";
import { Store } from "./store.js";
import { ContextError } from "../core/errors.js";

/** How a store on SQLite is opened. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Makes the store where there is none; `false` refuses to. Default: true. */
  readonly create?: boolean;
  /**
   * What an acknowledged write survives: `full` (default) a power cut, `normal` the death of the process
   * but not of the machine.
   */
  readonly durability?: "full" | "normal";
  /** How long a write waits for other processes, in ms. Default: 30,000. */
  readonly lockTimeoutMs?: number;
}

/**
 * Opens a store in a file, making it if nothing of it exists.
 * @example using store = openStore("runs.db");
 * @throws {ContextError} STORE_NOT_FOUND, STORE_FOREIGN, STORE_NEWER, STORE_INCOMPLETE, STORE_UNREACHABLE,
 *   STORE_READ_ONLY, STORE_CORRUPT, STORE_BUSY, DRIVER_UNSUITABLE, OPTION_INVALID
 */
export function openStore(path: string, options: SqliteStoreOptions = {}): Store {
  const { create = true, durability = "full", lockTimeoutMs = 30_000 } = options;
  if (!["full", "normal"].includes(durability)) {
    throw new ContextError("OPTION_INVALID", {
      option: "durability",
      why: 'it is neither "full" nor "normal"',
    });
  }
  checkWhole("lockTimeoutMs", lockTimeoutMs);
  const host = createHost(options.now);
  const engine = openSqliteEngine(path, {
    durability,
    mode: create ? "open-or-create" : "open",
    lockTimeoutMs,
    now: host.now,
    unique: host.newId,
  });
  return new Store(createCore(engine, host, options));
}
