import { join } from "node:path";
import { expect, it } from "vitest";
import { openMemoryStore } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

eachEngine("merging a fork back", ({ open }) => {
  async function pair(): Promise<{ ctx: AnyContext; twin: AnyContext }> {
    const ctx = await open({ protect: [] }).context("run", { initial: { a: 0, b: 0, c: 0 } });
    return { ctx, twin: await ctx.fork("twin") };
  }

  it("takes what the fork changed, added and deleted, and keeps what the parent changed", async () => {
    const { ctx, twin } = await pair();
    await twin.set("a", 1);
    await twin.delete("b");
    await twin.set("new", true);
    await ctx.set("c", 2);

    const { written, skipped } = await ctx.merge(twin, "threeWay");

    expect([written, skipped]).toEqual([["a", "new"], []]);
    expect({ ...ctx.persistent }).toEqual({ a: 1, c: 2, new: true });
  });

  it("refuses keys that both changed, and names them", async () => {
    const { ctx, twin } = await pair();
    await twin.set("a", 1);
    await ctx.set("a", 2);

    expect(await refusalOf(() => ctx.merge(twin, "threeWay"))).toMatchObject({
      code: "MERGE_CONFLICT",
      details: { keys: ["a"] },
    });
    expect(ctx.get("a")).toBe(2);
  });

  it("goes on from the last merge, in either direction", async () => {
    const { ctx, twin } = await pair();
    await twin.set("a", 1);
    await ctx.merge(twin, "threeWay");
    await twin.set("a", 2);
    await ctx.merge(twin, "threeWay");
    expect(ctx.get("a")).toBe(2);

    await ctx.set("a", 3);
    await twin.merge(ctx, "threeWay");
    await twin.set("a", 4);
    await ctx.merge(twin, "threeWay");

    expect([ctx.get("a"), twin.get("a")]).toEqual([4, 4]);
  });

  it("finds the base of two forks of one parent, and of a fork's fork", async () => {
    const { ctx, twin } = await pair();
    const other = await ctx.fork("other");
    const deep = await twin.fork("deep");
    await ctx.set("c", 9);
    await deep.set("a", 1);
    await other.set("b", 1);

    await other.merge(deep, "threeWay");
    await ctx.merge(other, "threeWay");

    expect({ ...other.persistent }).toEqual({ a: 1, b: 1, c: 0 });
    expect({ ...ctx.persistent }).toEqual({ a: 1, b: 1, c: 9 });
  });

  it("works by the other strategies, too, which need no base", async () => {
    const { ctx, twin } = await pair();
    await twin.update({ a: 1, new: 1 });

    expect(await ctx.merge(twin)).toEqual({ written: ["new"], skipped: [{ key: "a", why: "exists" }] });
    expect((await ctx.merge(twin, "prefixed", { prefix: "twin_" })).written).toContain("twin_a");
    await ctx.merge(twin, "replace");
    expect({ ...ctx.persistent }).toEqual({ ...twin.persistent });
  });

  it("records nothing where there is nothing to take, and tells where the rest came from", async () => {
    const { ctx, twin } = await pair();
    const before = ctx.sequence;
    await ctx.merge(twin, "threeWay");
    expect(ctx.sequence).toBe(before);
    await twin.set("a", 1);

    await ctx.merge(twin, "threeWay", { actor: "merger" });

    const [last] = await ctx.history({ order: "newest", limit: 1 });
    expect(last).toMatchObject({
      type: "values_merged",
      actor: "merger",
      details: { strategy: "threeWay", from: { context: "twin", sequence: 3, version: 1 } },
    });
  });

  it("needs a common past, and a context of the same store", async () => {
    const { ctx } = await pair();
    const store = open();
    const stranger = await (await store.context("x")).fork("stranger");
    const own = await store.context("own");

    expect((await refusalOf(() => own.merge(stranger, "threeWay"))).code).toBe("BASE_REQUIRED");
    expect((await refusalOf(() => ctx.merge(stranger, "update"))).code).toBe("OPTION_INVALID");
    expect((await refusalOf(() => own.merge(stranger, "threeWay", { base: 0 }))).code).toBe("OPTION_INVALID");
  });
});

it("does not take a merge of one lone fork for a merge of another", async () => {
  const root = openMemoryStore({ protect: [] }).context("root", { initial: { a: 1, b: 1 } });
  const alone = openMemoryStore({ protect: [] });
  for (const [id, key] of [
    ["f", "a"],
    ["g", "b"],
  ] as const) {
    const fork = root.fork(id);
    fork.set(key, 2);
    const file = join(temporaryFolder(), `${id}.jsonl`);
    fork.save(file);
    alone.load(file);
  }
  const ctx = alone.context("r", { initial: { a: 1, b: 1 } });
  ctx.merge(alone.context("f"), "update");

  expect((await refusalOf(() => ctx.merge(alone.context("g"), "threeWay"))).code).toBe("BASE_REQUIRED");
});

it("a context that was merged keeps the mark of it through an export", async () => {
  const store = openMemoryStore({ protect: [] });
  const ctx = store.context("run", { initial: { a: 0 } });
  const twin = ctx.fork("twin");
  twin.set("a", 1);
  ctx.merge(twin, "threeWay");
  twin.set("a", 2);

  store.rebuild();

  expect(ctx.merge(twin, "threeWay").written).toEqual(["a"]);
});
