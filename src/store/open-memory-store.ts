import { openMemoryEngine } from "../engines/memory/memory-engine.js";
import type { Mode } from "../program/program.js";
import { checkObject } from "./check-option.js";
import { createCore, type StoreOptions } from "./create-core.js";
import { createHost } from "./host.js";
import { Store } from "./store.js";

/** How a store in memory is opened. */
export interface MemoryStoreOptions<M extends Mode> extends StoreOptions {
  /** `sync` answers at once, `async` with promises, as an engine across a network would. */
  readonly mode?: M;
}

/** Opens a store that lives as long as the process: for tests, and for trying things out. */
export function openMemoryStore<M extends Mode = "sync">(options: MemoryStoreOptions<M> = {}): Store<M> {
  // Without a mode, M is its default.
  const mode = checkObject("options", options).mode ?? ("sync" as M);
  return new Store<M>(createCore<M>(openMemoryEngine(mode), createHost(options.now), options));
}
