import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { type Context, isContextError, openStore, type Store } from "../../../src/index.js";
import { growthOf, type Life, type Lifetime, type Use } from "../lifetime.js";

/**
 * Does the same thing very often, in a process that can collect its garbage when it is told to, and tells what
 * it held before and afterwards, and whatever grew meanwhile.
 */
const life = JSON.parse(process.argv[2] ?? "") as Life;
const failures: string[] = [];
const works = { contexts, stores, events };

const before = await works[life.work]();
const told: Lifetime = { before, after: held(), failures };
process.stdout.write(JSON.stringify(told));

/** Opens contexts and closes them, or forgets some; one handle stays in use. */
async function contexts(): Promise<Use> {
  const store = openStore(life.path, { durability: "normal" });
  const ids = Array.from({ length: Math.max(500, life.times / 10) }, (_, number) => `run-${number}`);
  const kept = store.context("kept");
  create(store, ids.slice(0, 50));
  openAndClose(store, ids.slice(0, 50), 500);
  await forget(store, ids.slice(0, 50));
  const before = await settled();
  create(store, ids);
  openAndClose(store, ids, life.times);
  grown("opening and closing", before);
  await forget(store, ids);
  await settled();
  grown("forgetting", before);
  store.context("kept").set("time", 1);
  if (kept.get("time") !== 1) failures.push("two states of one context");
  return before;
}

/** Makes contexts that together are large enough to be noticed if they stay. */
function create(store: Store, ids: readonly string[]): void {
  const times = Math.ceil(1_000_000 / ids.length);
  for (const id of ids) store.context(id, { initial: { text: `${id} `.repeat(times) } }).close();
}

function openAndClose(store: Store, ids: readonly string[], times: number): void {
  for (let time = 0; time < times; time += 1) {
    using ctx = store.context(ids[time % ids.length] ?? "");
    if (time % 10 === 0) ctx.set("time", time);
    else if (time % 10 === 1) using(ctx.as({ actor: "planner" }));
  }
}

/** Uses a handle for a moment. */
function using(ctx: Context): void {
  ctx.has("text");
  ctx.close();
}

/** Opens contexts, and lets others have their turn now and then, without which nothing is let go. */
async function forget(store: Store, ids: readonly string[]): Promise<void> {
  for (const [time, id] of ids.entries()) {
    store.context(id).has("text");
    if (time % 500 === 0) await turn();
  }
}

/** Opens stores and closes them, with all that opens files of its own, and with what goes wrong. */
async function stores(): Promise<Use> {
  const foreign = `${life.path}.txt`;
  writeFileSync(foreign, "not a store");
  const openMany = async (times: number) => {
    for (let time = 0; time < times; time += 1) await oneStore(time, foreign);
  };
  await openMany(5);
  const before = await settled();
  await openMany(life.times);
  await settled();
  return before;
}

async function oneStore(time: number, foreign: string): Promise<void> {
  using store = openStore(life.path, { durability: "normal" });
  const ctx = store.context("run-1");
  const watcher = ctx.watch();
  const next = watcher.next();
  ctx.set("time", time);
  await next;
  store.query("SELECT count(*) FROM events");
  if (time % 10 === 0) {
    const copy = `${life.path}.copy`;
    store.backup(copy);
    for (const ending of ["", "-anchor"]) rmSync(copy + ending);
  }
  try {
    openStore(foreign);
    failures.push("a text file was opened");
  } catch (error) {
    if (!isContextError(error, "STORE_FOREIGN")) failures.push(String(error));
  }
}

/** Writes events, and reads them in all ways that go through a whole history. */
async function events(): Promise<Use> {
  using store = openStore(life.path, { durability: "normal" });
  const ctx = store.context("run-1");
  append(ctx, 1_000);
  await readAll(store, ctx);
  const before = await settled();
  append(ctx, life.times);
  grown("appending", before);
  await readAll(store, ctx, before);
  return before;
}

function append(ctx: Context, times: number): void {
  for (let done = 0; done < times; done += 1_000) {
    ctx.batch(() => {
      for (let n = 0; n < 1_000; n += 1) ctx.set(`key ${n % 100}`, { n: done + n, text: "x".repeat(60) });
    });
  }
}

async function readAll(store: Store, ctx: Context, before?: Use): Promise<void> {
  const ways: Readonly<Record<string, () => number | Promise<number>>> = {
    events: () => count(ctx.events()),
    replay: () => count(ctx.replay()),
    watch: () => watched(store, ctx),
    verify: () => store.verify().events,
    export: () => store.save(`${life.path}.export`).events,
  };
  for (const [name, way] of Object.entries(ways)) {
    const found = await way();
    if (found < ctx.sequence) failures.push(`${name} gave ${found} of ${ctx.sequence} events`);
    if (before !== undefined) grown(name, before);
  }
}

function count(walk: Iterable<unknown>): number {
  let found = 0;
  for (const step of walk) found += step === undefined ? 0 : 1;
  return found;
}

async function watched(store: Store, ctx: Context): Promise<number> {
  let found = 0;
  for await (const event of store.watch({ from: "start" })) {
    found += 1;
    if (event.context === ctx.id && event.sequence === ctx.sequence) break;
  }
  return found;
}

function grown(what: string, before: Use): void {
  const growth = growthOf(before, held());
  if (growth !== undefined) failures.push(`after ${what}: ${growth}`);
}

/** What is held once others had their turn, and nothing more is let go: what was forgotten may take a while. */
async function settled(): Promise<Use> {
  let use = held();
  for (let [round, still] = [0, 0]; round < 50 && still < 3; round += 1) {
    await turn();
    await turn();
    const now = held();
    still = now.heapBytes < use.heapBytes - 10_000 ? 0 : still + 1;
    use = now;
  }
  return use;
}

function held(): Use {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const { maxRSS } = process.resourceUsage();
  const descriptors = readdirSync("/proc/self/fd").length;
  return { heapBytes: heapUsed + external, peakBytes: maxRSS * 1024, descriptors };
}
