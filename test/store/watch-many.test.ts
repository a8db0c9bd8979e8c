import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import type { Engine } from "../../src/engines/engine.js";
import { openSqliteEngine } from "../../src/engines/sqlite/open-sqlite-engine.js";
import type { Store } from "../../src/index.js";
import type { Mode } from "../../src/program/program.js";
import { openCounted } from "../support/counted-store.js";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe.each<Mode>(["sync", "async"])("many contexts that are watched, on an engine that is %s", (mode) => {
  it("cost a commit no more than few do", async () => {
    const few = await looksOfACommit(openMemoryEngine(mode), 3);
    const many = await looksOfACommit(openMemoryEngine(mode), 300);

    expect(many).toEqual(few);
  });

  it("are all told when one of them is deleted", async () => {
    const { store } = openCounted(openMemoryEngine(mode));
    const { heard, ended } = await watchMany(store, 20);

    await store.delete("run-7");
    await atRest();

    expect(heard).toEqual([]);
    expect(ended).toEqual(["run-7"]);
  });

  it("hear each of its own events while all of them are written", async () => {
    const { store } = openCounted(openMemoryEngine(mode));
    const { heard, contexts } = await watchMany(store, 50);

    for (const context of contexts) void context.set("n", 1);
    await atRest();
    for (const context of contexts.reverse()) await context.set("n", 2);
    await atRest();

    expect([...heard].sort()).toEqual([...contexts, ...contexts].map(({ id }) => id).sort());
  });
});

it("what another store writes is looked at once for all that is watched", async () => {
  const looks: number[] = [];
  for (const count of [3, 100]) {
    const file = join(temporaryFolder(), "store.db");
    const counted = openCounted(sqliteEngine(file));
    const { contexts } = await watchMany(counted.store, count);
    const other = openSqliteStore(file);
    counted.looksAhead();

    const told = new Promise((resolve) => contexts[1]?.watch({ pollMs: 1 }, resolve));
    await atRest();
    const begun = counted.looksAhead();
    other.context("run-1").set("n", 1);
    await told;
    await atRest();

    looks.push(counted.looksAhead());
    expect(begun).toBeLessThan(5);
  }
  expect(looks[1]).toBe(looks[0]);
});

async function looksOfACommit(engine: Engine, count: number): Promise<{ looks: number; heard: string[] }> {
  const { store, looksAhead } = openCounted(engine);
  const { contexts, heard } = await watchMany(store, count);
  looksAhead();

  await contexts[1]?.set("n", 1);
  await atRest();

  return { looks: looksAhead(), heard };
}

/** Opens so many contexts and watches each, until all that is there was read. */
async function watchMany(store: Store<Mode>, count: number) {
  const heard: string[] = [];
  const ended: string[] = [];
  const contexts = [];
  for (let place = 0; place < count; place++) contexts.push(await store.context(`run-${place}`));
  for (const context of contexts) {
    const watch = context.watch({ pollMs: 60_000 }, ({ context: id }) => heard.push(id));
    watch.done.catch(() => ended.push(context.id));
  }
  await atRest();
  return { contexts, heard, ended };
}

function sqliteEngine(file: string): Engine<"sync"> {
  openSqliteStore(file).close();
  const options = { durability: "normal", mode: "open", behind: "refuse", networkDisk: "refuse" } as const;
  const chance = { lockTimeoutMs: 1000, now: () => 0, unique: () => "1", onAnchorFailure: () => undefined };
  return openSqliteEngine(file, { ...options, ...chance }).engine;
}

/** Until all that is due now is done, and whatever that made due. */
async function atRest(): Promise<void> {
  for (let count = 0; count < 10; count++) await turn();
}
