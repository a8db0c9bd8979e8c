import { openSqliteEngine } from "../engines/sqlite/open-sqlite-engine.js";
import type { StoreWarning } from "../workflows/workplace.js";
import { runSync } from "../program/program.js";
import { acceptLoss } from "../workflows/accept-loss.js";
import { contextValue } from "../workflows/context-value.js";
import { originOf } from "./write-options.js";
import { checkChoice, checkObject, checkWhole } from "./check-option.js";
import { tellListeners } from "./tell-listeners.js";
import { type Compression, compressOverBytes } from "./compression.js";
import { createCore, type StoreOptions } from "./create-core.js";
import { createHost } from "./host.js";
import { Store } from "./store.js";

/** How a store on SQLite is opened. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Makes the store where there is none; `false` refuses to. Default: true. */
  readonly create?: boolean;
  /**
   * What a write survives that returned: `full` (default) a power cut, `normal` the death of the process but not
   * of the machine, `grouped` neither: it survives both once `store.durable()` resolved, which flushes the writes
   * of a turn of the event loop together.
   */
  readonly durability?: "full" | "grouped" | "normal";
  /** How long opening, reading and writing wait for other processes, in ms. Default: 30,000. */
  readonly lockTimeoutMs?: number;
  /**
   * What is done with a store that lacks events its anchor tells of, or that has lost its anchor: `refuse` (default),
   * or `accept` what is there. The store's own stream keeps that, with what was lacking.
   */
  readonly behind?: "refuse" | "accept";
  /**
   * Whether a file on a network file system is opened: `refuse` (default), or `accept`, which is safe only where
   * no other machine ever uses it. A sandbox may show a disk of its own as one of the network.
   */
  readonly networkDisk?: "refuse" | "accept";
  /**
   * Whether what is large is written compressed, where that pays. `off` (default) keeps all values readable for
   * SQL of other tools. Whatever is said here, both are read.
   */
  readonly compression?: Compression;
}

/**
 * Opens a store in a file, making it if nothing of it exists.
 * @example using store = openStore("runs.db");
 * @throws {ContextError} STORE_NOT_FOUND, STORE_FOREIGN, STORE_NEWER, STORE_INCOMPLETE, STORE_UNREACHABLE,
 *   STORE_BEHIND, STORE_UNANCHORED, STORE_READ_ONLY, STORE_CORRUPT, STORE_BUSY, STORE_REMOTE, DRIVER_UNSUITABLE,
 *   OPTION_INVALID
 */
export function openStore(path: string, options: SqliteStoreOptions = {}): Store {
  const { create = true, durability = "full", lockTimeoutMs = 30_000 } = checkObject("options", options);
  const { behind = "refuse", networkDisk = "refuse" } = options;
  checkChoice("durability", durability, ["full", "grouped", "normal"]);
  checkChoice("behind", behind, ["refuse", "accept"]);
  checkChoice("networkDisk", networkDisk, ["refuse", "accept"]);
  checkWhole("lockTimeoutMs", lockTimeoutMs);
  const host = createHost(options.now);
  const listeners = new Set<(warning: StoreWarning) => void>();
  const { engine, loss } = openSqliteEngine(path, {
    durability,
    mode: create ? "open-or-create" : "open",
    behind,
    lockTimeoutMs,
    networkDisk,
    now: host.now,
    unique: host.newId,
    compressOverBytes: compressOverBytes(options.compression),
    contextValue: (log, question) => runSync(contextValue(log, question)),
    onAnchorFailure: (why) => {
      tellListeners(listeners, { kind: "anchor", why });
    },
  });
  try {
    const core = createCore(engine, host, options, listeners);
    if (loss !== undefined) {
      core.run(() => acceptLoss(core.site, loss, originOf({}, core.attribution)));
      loss.settle();
    }
    return new Store(core);
  } catch (error) {
    // Whoever has no store cannot close it.
    void engine.close();
    throw error;
  }
}
