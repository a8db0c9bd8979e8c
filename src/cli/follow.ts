import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../index.js";
import { interruption } from "./cli-error.js";

/** How often the store is asked for news. */
const pollMs = 200;

/** Hands on whatever is written to a context, by any process, until it is interrupted. */
export async function follow(
  context: Context,
  signal: AbortSignal,
  after: number,
  readOn: (after: number) => Promise<number>,
): Promise<never> {
  for (let seen = after; ;) {
    context.refresh();
    if (context.sequence > seen) seen = await readOn(seen);
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw interruption();
  }
}
