import { expect, it } from "vitest";
import type { WatchedEvent } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("a watch that cannot begin", ({ open }) => {
  it.each([
    [{ key: 1 }, "key"],
    [{ type: null }, "type"],
    [{ actor: {} }, "actor"],
    [{ context: 7 }, "context"],
    [{ from: -1 }, "from"],
    [{ from: 1.5 }, "from"],
    [{ from: "end" }, "from"],
    [{ pollMs: 0 }, "pollMs"],
    [{ pollMs: 2 ** 31 }, "pollMs"],
    [{ signal: {} }, "signal"],
    [null, "query"],
  ])("refuses %o", async (query, option) => {
    const store = open();

    // A caller without types may give anything.
    expect(await refusalOf(() => store.watch(query as never))).toMatchObject({
      code: "OPTION_INVALID",
      details: { option },
    });
  });

  it("refuses a listener that is none", async () => {
    const store = open();

    expect(await refusalOf(() => store.watch({}, "listener" as never))).toMatchObject({
      code: "OPTION_INVALID",
    });
  });

  it("says that the store is closed, or the context deleted", async () => {
    const store = open();
    const [kept, deleted] = [await store.context("kept"), await store.context("deleted")];
    await store.delete("deleted");

    expect(await refusalOf(() => deleted.watch())).toMatchObject({ code: "CONTEXT_DELETED" });
    await store.close();
    expect(await refusalOf(() => store.watch())).toMatchObject({ code: "STORE_CLOSED" });
    expect(await refusalOf(() => kept.watch())).toMatchObject({ code: "STORE_CLOSED" });
  });

  it("cannot begin inside a batch, whose events have no place yet", async () => {
    const store = open();
    const ctx = await store.context("run-1");

    const batch = async () => ctx.batch(() => void store.watch({ from: "start" }));

    expect(await refusalOf(batch)).toMatchObject({ code: "BATCH_UNSUPPORTED" });
  });

  it("may be asked for its next event inside a batch", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const watcher = ctx.watch();
    const next: Promise<IteratorResult<WatchedEvent, void>>[] = [];

    for (const value of [1, 2]) {
      await ctx.batch(() => {
        void ctx.set("a", value);
        next.push(watcher.next());
      });
    }

    expect((await Promise.all(next)).map(({ value }) => value?.sequence)).toEqual([2, 3]);
  });
});
