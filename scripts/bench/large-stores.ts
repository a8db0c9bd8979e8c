import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, openStore } from "durable-context";

/** The context that large stores hold, and its keys. */
export const contextId = "run-42";
const keys = ["plan", "budget", ...Array.from({ length: 198 }, (_, place) => `key_${place}`)];
const actors = ["planner", "writer", "researcher"];
/** What the name of the file beside a store ends with that tells of its newest event. */
const anchor = "-anchor";
const start = Date.UTC(2026, 2, 2, 9);

/** A store whose one context has so many events and 200 keys: made once and kept among temporary files. */
export async function storeOfEvents(events: number): Promise<string> {
  return await cached(`${events}-events`, async (file) => {
    let now = start;
    using store = openStore(file, { durability: "normal", now: () => (now += 1000) });
    const context = store.context(contextId);
    for (let step = 1; step < events; step++) {
      if (step === events / 2) await research(context);
      const actor = actors[step % actors.length] ?? "";
      context.set(keys[step % keys.length] ?? "", valueOf(step), { actor });
    }
  });
}

async function research(context: Context): Promise<void> {
  const work = (copy: Record<string, unknown>) => {
    copy.plan = { steps: [] };
    copy.budget = 0;
  };
  await context.phase("research", work, { merge: "update", actor: "researcher" });
}

/** A store with so many contexts of three keys and three events each. */
export async function storeOfContexts(contexts: number): Promise<string> {
  return await cached(`${contexts}-contexts`, (file) => {
    let now = start;
    using store = openStore(file, { durability: "normal", now: () => (now += 1000) });
    for (let place = 0; place < contexts; place++) {
      const context = store.context(`run-${place}`, {
        initial: { plan: valueOf(place), budget: place, goal: "" },
      });
      context.set("plan", valueOf(place + 1));
      context.set("budget", place + 1);
    }
  });
}

/** A store with so many contexts of 200 keys and so many events each. */
export async function storeOfContextsWithEvents(contexts: number, events: number): Promise<string> {
  return await cached(`${contexts}-contexts-of-${events}-events`, async (file) => {
    let now = start;
    using store = openStore(file, { durability: "grouped", now: () => (now += 1000) });
    for (let place = 0; place < contexts; place++) {
      using context = store.context(`${contextId}-${place}`);
      for (let step = 1; step < events; step++) {
        context.set(keys[step % keys.length] ?? "", valueOf(step), {
          actor: actors[step % actors.length] ?? "",
        });
      }
      await store.durable();
    }
  });
}

function valueOf(step: number): unknown {
  return { steps: ["read", "write"], step, note: "the quick brown fox jumps over the lazy dog", done: false };
}

/** Copies a store for work that writes to it. */
export function copyStore(from: string, to: string): void {
  for (const ending of ["", anchor]) cpSync(from + ending, to + ending);
}

/** Makes a file unless one made by the same recipe and schema lies there. */
async function cached(name: string, make: (file: string) => Promise<void> | void): Promise<string> {
  const folder = join(tmpdir(), `durable-context-bench-${recipe()}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.db`);
  if (existsSync(file)) return warmed(file);
  console.error(`Making ${file} once …`);
  const draft = join(folder, `${name}.${process.pid}.new.db`);
  try {
    await make(draft);
    // A store goes nowhere without its anchor, and is there for the next run once it has its name.
    renameSync(draft + anchor, file + anchor);
    renameSync(draft, file);
  } finally {
    for (const ending of ["", "-wal", "-shm", anchor]) rmSync(draft + ending, { force: true });
  }
  return file;
}

/** Reads a file once, so that what is measured is the store and not the disk. */
function warmed(file: string): string {
  const part = Buffer.alloc(2 ** 22);
  const descriptor = openSync(file, "r");
  while (readSync(descriptor, part) > 0);
  closeSync(descriptor);
  return file;
}

/** Changes with the tables and with this file. */
function recipe(): string {
  const migrations = join(import.meta.dirname, "../../migrations/sqlite");
  const hash = createHash("sha256").update(readFileSync(import.meta.filename));
  for (const file of readdirSync(migrations).filter((name) => name.endsWith(".sql"))) {
    hash.update(readFileSync(join(migrations, file)));
  }
  return hash.digest("hex").slice(0, 12);
}
