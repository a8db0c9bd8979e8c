import { ContextError } from "../core/errors.js";
import type { Mode } from "../program/program.js";
import type { Live } from "../workflows/workplace.js";
import type { StoreCore } from "./store-core.js";
import { Subscription } from "./subscription.js";
import { Watch } from "./watch.js";
import { type StoreWatchQuery, takeWatchQuery, type WatchListener } from "./watch-query.js";
import { Watcher } from "./watcher.js";

/**
 * Starts to watch one context or the whole store, for whoever iterates or for a listener.
 * @throws {ContextError} OPTION_INVALID, BATCH_UNSUPPORTED
 */
export function startWatch<M extends Mode>(
  core: StoreCore<M>,
  live: Live | undefined,
  query: StoreWatchQuery,
  listener: WatchListener | undefined,
): Watcher | Subscription {
  const asked = takeWatchQuery(query);
  // What a batch has written has no place in the log yet, and may never have one.
  if (core.site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Watching" });
  if (listener === undefined) return new Watcher(new Watch(core, live, asked, { keepsAlive: true }));
  if (typeof listener !== "function")
    throw new ContextError("OPTION_INVALID", { option: "listener", why: "it is not a function" });
  return new Subscription(new Watch(core, live, asked, { keepsAlive: false }), listener);
}
