import { writeSync } from "node:fs";
import { type Context, isContextError, openStore, type Store } from "../../../src/index.js";
import type { Attempt, Trial } from "../faults/attempt.js";
import { steps } from "../faults/steps.js";

/** Writes to a store in every way while the file system fails it, and tells what it was told of each write. */
const { path, policy } = JSON.parse(process.argv[2] ?? "") as Trial;
const mostAttempts = policy === "die" ? 1 : 3;
let opening = 0;
let store: Store | undefined;
let context: Context | undefined;

for (const { key, run } of steps) {
  for (let tries = 1; tries <= mostAttempts; tries += 1) {
    if (await isDone(key, run)) break;
    if (policy === "die") process.exit(0);
    if (policy === "reopen") close();
  }
}
close();

async function isDone(key: string, run: (context: Context, key: string) => unknown): Promise<boolean> {
  let doing = "open";
  try {
    store ??= opened();
    doing = "context";
    context ??= store.context("run", { initial: { count: 0 } });
    doing = key;
    const outcome = await run(context, key);
    say({ key, opening, told: { isDone: true, outcome: outcome ?? null, ...headOf(context) } });
    return true;
  } catch (error) {
    sayError(doing, error);
    return false;
  }
}

/** The event that was returned for; a write is done, too, where this cannot be read. */
function headOf(context: Context): { sequence?: number; hash?: string } {
  try {
    const { sequence, hash } = context.head();
    return { sequence, hash };
  } catch (error) {
    sayError("head", error);
    return {};
  }
}

function opened(): Store {
  opening += 1;
  return openStore(path, { lockTimeoutMs: 500 });
}

function close(): void {
  try {
    store?.close();
  } catch (error) {
    sayError("close", error);
  }
  store = undefined;
  context = undefined;
}

function sayError(key: string, error: unknown): void {
  const code = isContextError(error) ? error.code : "none";
  const message = (error instanceof Error ? error.stack : undefined) ?? String(error);
  say({ key, opening, told: { isDone: false, code, isOurs: isContextError(error), message } });
}

function say(attempt: Attempt): void {
  writeSync(1, `${JSON.stringify(attempt)}\n`);
}
