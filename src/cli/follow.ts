import type { WatchedEvent, Watcher } from "../index.js";
import { interruption } from "./cli-error.js";

/** Hands on what is watched until it is interrupted. */
export async function follow(
  watcher: Watcher,
  print: (event: WatchedEvent) => Promise<void>,
): Promise<never> {
  for await (const event of watcher) await print(event);
  throw interruption();
}
