import { getEventListeners } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Watcher } from "../../src/index.js";
import { type AnyContext, type AnyStore, eachEngine, openSqliteStore } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { take } from "../support/taking.js";

eachEngine("the end of a watch", ({ open }) => {
  it.each([
    ["the watcher is closed", ({ watcher }) => watcher.close()],
    ["the store is closed", ({ store }) => store.close()],
    ["the signal aborts", ({ controller }) => controller.abort()],
    ["the iterator is returned", ({ watcher }) => watcher.return()],
    ["it is disposed of", ({ watcher }) => watcher[Symbol.asyncDispose]()],
  ] as readonly (readonly [string, (at: Watched) => unknown])[])(
    "comes when %s, also for those who wait",
    async (_, end) => {
      const watched = await watchAll(open);
      const waiting = [watched.watcher.next(), watched.watcher.next()];

      await end(watched);

      expect(await Promise.all(waiting)).toEqual([done, done]);
      expect(await watched.watcher.next()).toEqual(done);
    },
  );

  it.each([
    ["the watcher is closed", ({ watcher }) => watcher.close()],
    ["the store is closed", ({ store }) => store.close()],
    ["the signal aborts", ({ controller }) => controller.abort()],
  ] as readonly (readonly [string, (at: Watched) => unknown])[])(
    "comes when %s, before what was read and not handed over",
    async (_, end) => {
      const watched = await watchAll(open);
      for (const value of [1, 2, 3]) await watched.ctx.set("n", value);
      await take(watched.watcher, 1);

      await end(watched);

      expect(await watched.watcher.next()).toEqual(done);
    },
  );

  it("comes at once where the signal has aborted before", async () => {
    const store = open();
    await store.context("run-1");

    const watcher = store.watch({ from: "start", signal: AbortSignal.abort() });

    expect(await watcher.next()).toEqual(done);
  });

  it("comes when a loop is left", async () => {
    const { watcher, ctx } = await watchAll(open);
    await ctx.set("n", 1);

    for await (const event of watcher) {
      expect(event.sequence).toBe(2);
      break;
    }

    expect(await watcher.next()).toEqual(done);
  });

  it("leaves no listener at the signal", async () => {
    const { watcher, controller } = await watchAll(open);
    const next = watcher.next();
    await Promise.resolve();
    const during = getEventListeners(controller.signal, "abort").length;

    watcher.close();
    await next;

    expect([during, getEventListeners(controller.signal, "abort").length]).toEqual([1, 0]);
  });

  it("is a refusal where the context was deleted: what it had not given yet is gone", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const watcher = ctx.watch();
    const next = watcher.next();

    await store.delete("run-1");

    expect(await refusalOf(() => next)).toMatchObject({ code: "CONTEXT_DELETED" });
    expect(await watcher.next()).toEqual(done);
  });

  it("does not come to a watch of the store when contexts are deleted", async () => {
    const store = open();
    const deleted = await store.context("deleted");
    await deleted.set("n", 1);
    const watcher = store.watch({ from: "start" });
    await take(watcher, 1);

    await store.delete("deleted");
    await store.context("another");

    const types = new Set<string>();
    while (!types.has("context_deleted")) types.add((await take(watcher, 1))[0]!.type);
    expect(await take(watcher, 1)).toMatchObject([{ context: "another" }]);
  });
});

describe("a watch that meets an event it cannot read", () => {
  it("gives all those before it, and then refuses", async () => {
    const path = join(temporaryFolder(), "store.db");
    const ctx = openSqliteStore(path, { classes: [moneyClass] }).context("run-1");
    const watcher = openSqliteStore(path).watch({ key: "*" });
    ctx.set("readable", 1);
    ctx.set("unreadable", new Money(1));
    ctx.set("later", 2);

    const [first] = await take(watcher, 1);
    const refusal = await refusalOf(() => watcher.next());

    expect(first?.effects).toMatchObject([{ key: "readable" }]);
    expect(refusal).toMatchObject({ code: "CLASS_UNKNOWN" });
    expect(watcher.position).toBe(first?.position);
    expect(await watcher.next()).toEqual(done);
  });
});

const done = { done: true, value: undefined };

interface Watched {
  readonly store: AnyStore;
  readonly ctx: AnyContext;
  readonly controller: AbortController;
  readonly watcher: Watcher;
}

async function watchAll(open: () => AnyStore): Promise<Watched> {
  const store = open();
  const ctx = await store.context("run-1");
  const controller = new AbortController();
  return { store, ctx, controller, watcher: store.watch({ signal: controller.signal }) };
}
