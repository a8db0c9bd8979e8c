import { join } from "node:path";
import { expect, it } from "vitest";
import type { WatchedEvent } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { take } from "../support/taking.js";

/** So long that only a commit of the store itself can wake a watch in time. */
const never = 2 ** 31 - 1;

eachEngine("watching", ({ open }) => {
  it("gives what is written from now on, as soon as it is committed", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { before: 1 } });
    await ctx.set("before", 2);
    const watcher = ctx.watch({ pollMs: never });

    const first = watcher.next();
    await ctx.set("a", 1, { actor: "ada" });
    await ctx.delete("a");

    expect((await first).value).toMatchObject({
      context: "run-1",
      sequence: 3,
      type: "value_set",
      actor: "ada",
    });
    expect(await take(watcher, 1)).toMatchObject([{ sequence: 4, type: "value_deleted" }]);
  });

  it("gives the same events as the history, with their positions", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    await writeAll(ctx);
    const history = await ctx.history();

    const watched = await take(ctx.watch({ from: "start" }), history.length);

    expect(watched).toMatchObject(history);
    const positions = watched.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    expect(watched.every(Object.isFrozen)).toBe(true);
  });

  it("gives the events of all contexts in the order of their commits, and the store's own", async () => {
    const store = open();
    const [one, two] = [await store.context("one"), await store.context("two")];
    await one.set("a", 1);
    await two.set("a", 1);
    await one.set("b", 1);
    await store.delete("two");
    const watcher = store.watch({ from: "start" });

    const events = await take(watcher, 4);

    expect(events.map(told)).toEqual([
      "one context_created",
      "one value_set",
      "one value_set",
      " context_deleted",
    ]);
    expect(events.at(-1)?.details).toMatchObject({ context: "two" });
  });

  it("gives the events of a context that was loaded: they are new to the store", async () => {
    const [store, source] = [open(), open()];
    const file = join(temporaryFolder(), "export.jsonl");
    await (await source.context("loaded")).set("a", 1);
    await source.save(file);
    const watcher = store.watch();

    await store.load(file);

    expect((await take(watcher, 3)).map(told)).toEqual([
      "loaded context_created",
      "loaded value_set",
      " context_imported",
    ]);
  });

  it("goes on from a position without gap or repetition, wherever it stopped", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    await writeAll(ctx);
    const all = await take(store.watch({ from: "start" }), (await ctx.history()).length);

    for (let count = 0; count <= all.length; count += 1) {
      const before = store.watch({ from: "start" });
      const seen = await take(before, count);
      before.close();
      const rest = await take(store.watch({ from: before.position }), all.length - count);
      expect([...seen, ...rest]).toEqual(all);
    }
  });

  it("waits where it starts behind all there is, until that is passed", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const [{ position }] = (await take(store.watch({ from: "start" }), 1)) as [WatchedEvent];
    const watcher = ctx.watch({ from: position + 2 });

    for (const value of [1, 2, 3, 4]) await ctx.set("n", value);

    expect((await take(watcher, 2)).map(({ sequence }) => sequence)).toEqual([4, 5]);
  });

  it("knows a context by its present id", async () => {
    const store = open();
    const ctx = await store.context("before");
    const watcher = ctx.watch();

    await ctx.rename("after");
    await ctx.set("a", 1);

    expect((await take(watcher, 2)).map(told)).toEqual(["after context_renamed", "after value_set"]);
  });

  it("gives a fork's own events, and not those that it inherited", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    const fork = await ctx.fork("run-2");
    await ctx.set("a", 2);
    await fork.set("a", 3);
    const own = (await fork.history()).filter(({ sequence }) => sequence > 1);

    const events = await take(fork.watch({ from: "start" }), own.length);

    expect(events).toMatchObject(own);
    expect(new Set(events.map(({ context }) => context))).toEqual(new Set(["run-2"]));
  });

  it("serves many watchers, each at its own place", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const watchers = Array.from({ length: 20 }, () => ctx.watch());
    const firsts = watchers.map((watcher) => take(watcher, 2));

    await ctx.set("a", 1);
    await ctx.set("a", 2);

    for (const events of await Promise.all(firsts))
      expect(events.map(({ sequence }) => sequence)).toEqual([2, 3]);
  });

  it("answers calls that do not wait for each other in their order", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const watcher = ctx.watch();

    const steps = [watcher.next(), watcher.next(), watcher.next()];
    for (const value of [1, 2, 3]) await ctx.set("n", value);

    expect((await Promise.all(steps)).map(({ value }) => value?.sequence)).toEqual([2, 3, 4]);
  });

  it("hands nothing over that was called to be written before it began", async () => {
    const store = open();
    const ctx = await store.context("run-1");

    const before = ctx.set("a", 1);
    const watcher = ctx.watch();
    const after = ctx.set("b", 1);
    await Promise.all([before, after]);

    expect((await take(watcher, 1)).map(({ effects }) => effects[0]?.key)).toEqual(["b"]);
  });
});

function told({ context, type }: WatchedEvent): string {
  return `${context} ${type}`;
}

/** Writes in many ways; the last of them is a snapshot. */
async function writeAll(ctx: AnyContext): Promise<void> {
  await ctx.set("seen", new Map([["a", new Date(0)]]), {
    actor: "ada",
    cause: "run-0#1",
    tags: { trace: "t" },
  });
  await ctx.batch(() => {
    void ctx.set("a", 1);
    void ctx.setEphemeral("b", 2);
  });
  await ctx.update({ a: 2, c: [1, 2] });
  await ctx.protect("c");
  await ctx.delete("a");
  await ctx.snapshot("marked");
}
