import { expect, it, onTestFinished } from "vitest";
import type { LimitOptions, StoreWarning } from "../../src/index.js";
import { type AnyStore, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

function listen(store: AnyStore): StoreWarning[] {
  const heard: StoreWarning[] = [];
  store.onWarning((warning) => heard.push(warning));
  return heard;
}

eachEngine("a limit that refuses", ({ open, reopen }) => {
  it("bounds one value, in bytes of its JSON text", async () => {
    const ctx = await open({ limits: { refuse: { valueBytes: 10 } } }).context("run");

    await ctx.set("a", "x".repeat(8));
    for (const write of [
      () => ctx.set("b", "x".repeat(9)),
      () => ctx.set("b", "é".repeat(5)),
      () => ctx.setEphemeral("b", "x".repeat(9)),
      () => ctx.update({ c: 1, b: "x".repeat(9) }),
      () => ctx.merge({ b: "x".repeat(9) }),
      () => ctx.edit("a", (a) => `${a as string}x`),
    ]) {
      expect(await refusalOf(write)).toMatchObject({
        code: "LIMIT_EXCEEDED",
        details: { context: "run", limit: "valueBytes", allowed: 10 },
      });
    }
    expect([ctx.keys(), ctx.sequence]).toEqual([["a"], 2]);
  });

  it("bounds the context's bytes and keys, and lets what is too large shrink", async () => {
    const ctx = await open().context("run", { initial: { a: "xxxxxxxx", b: 1 } });
    await ctx.setLimits({ refuse: { contextBytes: 8, keys: 1 } });

    expect(await refusalOf(() => ctx.set("a", "xxxxxxxxx"))).toMatchObject({
      details: { limit: "contextBytes" },
    });
    expect(await refusalOf(() => ctx.update({ a: "x", c: 1 }))).toMatchObject({
      details: { limit: "keys", allowed: 1, actual: 3 },
    });
    await ctx.set("a", "xxxxx");
    await ctx.delete("b");

    expect(ctx.persistent).toEqual({ a: "xxxxx" });
  });

  it("counts as values only what stands under keys", async () => {
    const store = open({ limits: { refuse: { valueBytes: 2 }, warn: { valueBytes: 1 } } });
    const heard = listen(store);
    const ctx = await store.context("a-long-name", { metadata: { about: "a long text" } });

    await ctx.snapshot("a long reason", { metadata: { about: "a long text" } });
    await ctx.setMetadata({ more: "a long text" });
    await ctx.setLimits({ refuse: { valueBytes: 0, contextBytes: 100_000 } });
    await ctx.phase("a long name", () => "a long result", { once: "a long id" });
    await ctx.rename("a-longer-name");

    expect(heard).toEqual([]);
    expect((await refusalOf(() => ctx.set("a", 1))).code).toBe("LIMIT_EXCEEDED");
  });

  it("holds for a context's beginning, of which nothing then stays", async () => {
    const store = open({ limits: { refuse: { keys: 1 } } });

    const refusal = await refusalOf(() => store.context("run", { initial: { a: 1, b: 1 } }));

    expect(refusal).toMatchObject({ code: "LIMIT_EXCEEDED", details: { limit: "keys", actual: 2 } });
    expect(await store.contexts()).toEqual([]);
  });

  it("holds within a batch, which then leaves nothing", async () => {
    const ctx = await open({ limits: { refuse: { keys: 1 } } }).context("run");

    const refusal = await refusalOf(() => ctx.batch(() => void (ctx.set("a", 1), ctx.set("b", 1))));

    expect([refusal.code, ctx.keys()]).toEqual(["LIMIT_EXCEEDED", []]);
  });

  it("may be a context's own, over the store's, and survives a restart until it is removed", async () => {
    const store = open({ limits: { refuse: { keys: 5 } } });
    await store.context("run", { limits: { refuse: { keys: 1 } }, initial: { a: 1 } });
    const ctx = await (await reopen(store, { limits: { refuse: { keys: 2 } } })).context("run");

    expect(await refusalOf(() => ctx.set("b", 1))).toMatchObject({ details: { allowed: 1 } });
    await ctx.setLimits({ refuse: { keys: undefined } });
    await ctx.set("b", 1);

    expect(await refusalOf(() => ctx.set("c", 1))).toMatchObject({ details: { allowed: 2 } });
  });

  it("does not keep a restore from bringing back what there was", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1 } });
    await ctx.merge({}, "replace");
    await ctx.setLimits({ refuse: { keys: 1 } });

    expect((await refusalOf(() => ctx.restore({ version: 0 }))).code).toBe("LIMIT_EXCEEDED");
    expect(ctx.keys()).toEqual([]);
  });

  it("is refused itself where it is none", async () => {
    const store = open();
    const ctx = await store.context("run");

    for (const limits of [{ refuse: { keys: -1 } }, { warn: { size: 1 } }, { refuse: { keys: 1.5 } }]) {
      expect((await refusalOf(() => ctx.setLimits(limits as LimitOptions))).code).toBe("OPTION_INVALID");
      expect((await refusalOf(() => store.context("x", { limits: limits as LimitOptions }))).code).toBe(
        "OPTION_INVALID",
      );
      expect((await refusalOf(() => open({ limits: limits as LimitOptions }))).code).toBe("OPTION_INVALID");
    }
    expect([ctx.sequence, await store.find("x")]).toEqual([1, undefined]);
  });
});

eachEngine("a limit that warns", ({ open }) => {
  it("tells whoever listens when a write passes it, and writes", async () => {
    const store = open({ limits: { warn: { valueBytes: 10, keys: 1, contextBytes: 12 } } });
    const heard = listen(store);
    const ctx = await store.context("run");
    await ctx.set("a", 1);
    await ctx.set("big", "x".repeat(10));

    expect(heard).toEqual([
      { kind: "limit", context: "run", limit: "valueBytes", allowed: 10, actual: 12, key: "big" },
      { kind: "limit", context: "run", limit: "contextBytes", allowed: 12, actual: 13 },
      { kind: "limit", context: "run", limit: "keys", allowed: 1, actual: 2 },
    ]);
    await ctx.set("a", 2);
    expect(heard.length).toBe(3);
  });

  it("says nothing of a write that was undone", async () => {
    const store = open({ limits: { warn: { keys: 0 } } });
    const heard = listen(store);
    const ctx = await store.context("run");

    await (async () =>
      ctx.batch(() => {
        void ctx.set("a", 1);
        throw new Error("stop");
      }))().catch(() => undefined);

    expect(heard).toEqual([]);
  });

  it("is not told to a listener that stopped listening", async () => {
    const store = open({ limits: { warn: { keys: 0 } } });
    const heard: StoreWarning[] = [];
    const stop = store.onWarning((warning) => heard.push(warning));
    const ctx = await store.context("run");
    await ctx.set("a", 1);

    stop();
    await ctx.set("b", 1);

    expect(heard.length).toBe(1);
  });

  it("does not take what a listener throws for a failure of the write, and tells the others", async () => {
    const told: Error[] = [];
    const tell = (warning: Error) => told.push(warning);
    process.on("warning", tell);
    onTestFinished(() => void process.off("warning", tell));
    const store = open({ limits: { warn: { keys: 0 } } });
    store.onWarning(() => {
      throw new Error("from a listener");
    });
    const heard = listen(store);
    const ctx = await store.context("run");

    await ctx.set("a", 1);
    await ctx.set("b", 1);
    await new Promise(setImmediate);

    expect([ctx.persistent, ctx.version, heard.length]).toEqual([{ a: 1, b: 1 }, 2, 2]);
    expect(told.map(({ message }) => message)).toEqual(["from a listener", "from a listener"]);
  });
});
