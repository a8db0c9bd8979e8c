import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

eachEngine("ephemeral data", ({ open, reopen }) => {
  it("is logged, but moves no version and touches nothing persistent", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    await ctx.setEphemeral("progress", 50);
    await ctx.setEphemeral("progress", 60);

    expect([ctx.version, ctx.persistent, ctx.ephemeral]).toEqual([0, { a: 1 }, { progress: 60 }]);
    expect((await ctx.changes()).slice(1).map(({ operation, details }) => [operation, details])).toEqual([
      ["set_ephemeral", { key: "progress" }],
      ["set_ephemeral", { key: "progress" }],
    ]);
  });

  it("is seen by get, has, keys and the dictionary", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    await ctx.setEphemeral("progress", 50);

    expect([ctx.get("progress"), ctx.has("progress"), ctx.keys()]).toEqual([50, true, ["a", "progress"]]);
    expect({ ...ctx.data }).toEqual({ a: 1, progress: 50 });
  });

  it("survives a restart until it is cleared", async () => {
    const store = open();
    const first = await store.context("run");
    await first.setEphemeral("progress", { at: new Date(0) });
    await first.setEphemeral("b", 1);

    const second = await reopen(store);
    const ctx = await second.context("run");
    expect(ctx.ephemeral).toEqual({ progress: { at: new Date(0) }, b: 1 });
    expect(await ctx.clearEphemeral()).toEqual(["progress", "b"]);

    expect((await ctx.changes()).at(-1)).toMatchObject({
      operation: "clear_ephemeral",
      version: 0,
      details: { keysCleared: ["progress", "b"] },
    });
    expect((await (await reopen(second)).context("run")).ephemeral).toEqual({});
  });

  it("is accepted under the name of an unprotected persistent key, and shadowed by it", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    await ctx.setEphemeral("a", 2);

    expect([ctx.get("a"), ctx.ephemeral]).toEqual([1, { a: 2 }]);
  });

  it("is left alone by set", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("a", 1);

    await ctx.set("a", 2);

    expect([ctx.ephemeral, ctx.persistent]).toEqual([{ a: 1 }, { a: 2 }]);
    expect((await ctx.changes()).at(-1)!.details).toEqual({ key: "a", hadPrevious: false, protected: false });
  });

  it("goes with a persistent key of its name in one event, with one version", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    await ctx.setEphemeral("a", 2);
    const { sequence } = ctx;

    expect(await ctx.delete("a")).toBe(true);

    expect([ctx.has("a"), ctx.version, ctx.sequence]).toEqual([false, 1, sequence + 1]);
  });

  it("is deleted alone without a version, though logged", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("a", 2);

    expect(await ctx.delete("a")).toBe(true);

    expect([ctx.has("a"), ctx.version]).toEqual([false, 0]);
    expect((await ctx.changes()).at(-1)).toMatchObject({
      operation: "delete",
      version: 0,
      details: { key: "a" },
    });
  });

  it("may be handed over without a copy", async () => {
    const ctx = await open().context("run");
    const given = { list: [1] };

    await ctx.setEphemeral("a", given, { copy: false });

    expect(ctx.get("a")).toBe(given);
  });

  it("is no longer in later views when it has become persistent by name only", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("a", 1);
    await ctx.set("a", 2);

    expect((await ctx.at("#2")).data).toEqual({});
  });
});
