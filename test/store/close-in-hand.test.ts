import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import { type AnyContext, type AnyStore, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

/** Work that takes several steps where the engine answers later. */
const longVerbs: readonly [string, (ctx: AnyContext, store: AnyStore) => unknown][] = [
  ["verify", (_, store) => store.verify()],
  ["rebuild", (_, store) => store.rebuild()],
  ["history", (ctx) => ctx.history()],
  ["a fork", (ctx) => ctx.fork("run-2")],
  ["a restore", (ctx) => ctx.restore("@0")],
  ["a fold", (ctx) => ctx.replayInto((count: number) => count + 1, 0, { cursor: "count" })],
  ["deleting", (_, store) => store.delete("run-1")],
  ["opening", (_, store) => store.context("run-3")],
];

eachEngine("closing a store with work in hand", ({ open, reopen, name }) => {
  const isFile = name === "SQLite";

  it("is refused inside a batch, which then goes on", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const codes: string[] = [];
    const tryToClose = () => {
      void refusalOf(() => store.close()).then(({ code }) => codes.push(code));
    };

    await ctx.batch(() => {
      void ctx.set("a", 1);
      tryToClose();
    });

    expect([ctx.get("a"), codes]).toEqual([1, ["BATCH_UNSUPPORTED"]]);
  });

  it("refuses the end of a phase, whose run stays unfinished", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    const refusal = await refusalOf(() =>
      ctx.phase("work", async (copy) => {
        copy.a = 2;
        await store.close();
      }),
    );

    expect(refusal.code).toBe("STORE_CLOSED");
    if (!isFile) return;
    const again = await (await reopen(store)).context("run-1");
    expect(again.toJSON()).toEqual({ a: 1 });
    expect(await again.phases()).toMatchObject([{ name: "work", status: "running" }]);
  });

  it("happens after the commit whose listener asks for it, and that write is there", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    closeAtCommit(store);

    await ctx.set("a", 1);
    expect((await refusalOf(() => ctx.set("a", 2))).code).toBe("STORE_CLOSED");

    if (!isFile) return;
    expect((await (await reopen(store)).context("run-1")).toJSON()).toEqual({ a: 1 });
  });

  it.each(["events", "replay"] as const)("ends a walk through %s at its next step", async (verb) => {
    const store = open();
    const ctx = await store.context("run-1");
    for (let value = 1; value <= 3; value += 1) await ctx.set("a", value);
    let steps = 0;

    const refusal = await refusalOf(async () => {
      for await (const step of ctx[verb]()) {
        expect(step).toBeDefined();
        steps += 1;
        await store.close();
      }
    });

    expect([steps, refusal.code]).toEqual([1, "STORE_CLOSED"]);
  });

  it("happens once, whoever asks for it, while writes that were called before still end", async () => {
    const store = open();
    const ctx = await store.context("run-1");

    const written = [1, 2, 3].map((value) => ctx.set("a", value));
    const closed = [store.close(), ctx.close(), store.close()];
    await Promise.all([...written, ...closed]);

    if (!isFile) return;
    expect((await (await reopen(store)).context("run-1")).get("a")).toBe(3);
  });

  it.each(longVerbs)("lets %s end that was called before, or refuses it", async (_, use) => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });

    const answer = (async () => use(ctx, store))();
    const [settled] = await Promise.allSettled([answer, store.close()]);

    expect(settled.status).toBe("fulfilled");
  });
});

/** Closes a store in the midst of telling who subscribed what was committed. */
function closeAtCommit(store: AnyStore): void {
  const listener = (): void => {
    void store.close();
  };
  subscribe("durable-context:commit", listener);
  onTestFinished(() => void unsubscribe("durable-context:commit", listener));
}
