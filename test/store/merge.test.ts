import { expect, it } from "vitest";
import type { StrategyName } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("merge", ({ open }) => {
  it("adds absent keys only when it is safe, which it is unless told otherwise", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    expect(await ctx.merge({ a: 2, b: 2 })).toEqual({
      written: ["b"],
      skipped: [{ key: "a", why: "exists" }],
    });

    expect([ctx.persistent, ctx.version]).toEqual([{ a: 1, b: 2 }, 1]);
  });

  it("overwrites too when it updates", async () => {
    const ctx = await open().context("run", { initial: { a: 1, same: 1 } });

    expect(await ctx.merge({ a: 2, same: 1, b: 2 }, "update")).toEqual({ written: ["a", "b"], skipped: [] });

    expect(ctx.persistent).toEqual({ a: 2, same: 1, b: 2 });
  });

  it("makes the keys exactly the offered ones when it replaces, protected keys apart", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1, goal: 1 }, protect: ["goal"] });

    expect(await ctx.merge({ b: 2, c: 2 }, "replace")).toEqual({ written: ["b", "c"], skipped: [] });

    expect([ctx.persistent, ctx.version]).toEqual([{ b: 2, goal: 1, c: 2 }, 1]);
    await ctx.merge({}, "replace");
    expect(ctx.persistent).toEqual({ goal: 1 });
  });

  it("writes under a prefix, overwriting", async () => {
    const ctx = await open().context("run", { initial: { p_a: 1 } });

    expect(await ctx.merge({ a: 2, b: 2 }, "prefixed", { prefix: "p_" })).toEqual({
      written: ["p_a", "p_b"],
      skipped: [],
    });

    expect(ctx.persistent).toEqual({ p_a: 2, p_b: 2 });
  });

  it("takes over what changed since the base, side by side with what the context changed", async () => {
    const ctx = await open().context("run", { initial: { mine: 1, theirs: 1, both: 1, same: 1 } });
    await ctx.update({ mine: 2, both: 2 });

    const written = await ctx.merge({ mine: 1, theirs: 2, both: 2, new: 1, same: 1 }, "threeWay", {
      base: 0,
    });

    expect(written).toEqual({ written: ["theirs", "new"], skipped: [] });
    expect(ctx.persistent).toEqual({ mine: 2, theirs: 2, both: 2, same: 1, new: 1 });
  });

  it("refuses keys that both sides changed, naming them and writing none", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1, c: 1 } });
    await ctx.update({ a: 2 });
    await ctx.delete("b");
    const { sequence } = ctx;

    const refusal = await refusalOf(() => ctx.merge({ a: 3, b: 3, c: 3 }, "threeWay", { base: "@0" }));

    expect(refusal).toMatchObject({ code: "MERGE_CONFLICT", details: { context: "run", keys: ["a", "b"] } });
    expect([ctx.persistent, ctx.sequence]).toEqual([{ a: 2, c: 1 }, sequence]);
  });

  it("validates before anything else, whatever the results", async () => {
    const ctx = await open().context("run");
    const merge = (values: object, strategy: string, options = {}) =>
      refusalOf(() => ctx.merge(values, strategy as StrategyName, options));

    for (const values of [{}, { a: 1 }, { a: () => 1 }]) {
      expect((await merge(values, "no-such")).code).toBe("UNKNOWN_STRATEGY");
      expect((await merge(values, "Safe")).code).toBe("UNKNOWN_STRATEGY");
      expect((await merge(values, "constructor")).code).toBe("UNKNOWN_STRATEGY");
      expect((await merge(values, "prefixed")).code).toBe("PREFIX_REQUIRED");
      expect((await merge(values, "prefixed", { prefix: "" })).code).toBe("PREFIX_REQUIRED");
      expect((await merge(values, "threeWay")).code).toBe("BASE_REQUIRED");
    }
    expect(ctx.sequence).toBe(1);
  });

  it("names the strategies there are when it refuses one", async () => {
    const ctx = await open().context("run");

    const { details } = await refusalOf(() => ctx.merge({}, "x" as StrategyName));

    expect(details).toEqual({ strategy: "x", known: ["prefixed", "replace", "safe", "threeWay", "update"] });
  });

  it("counts what was written, and records what it was asked and what it did not do", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    await ctx.merge({ a: 2, b: 1, c: 1 }, "safe", { prefix: "ignored_" });

    expect((await ctx.changes()).at(-1)).toMatchObject({
      operation: "merge",
      details: {
        strategy: "safe",
        prefix: "ignored_",
        keysMerged: 2,
        skipped: [{ key: "a", why: "exists" }],
      },
    });
    expect(ctx.persistent).toEqual({ a: 1, b: 1, c: 1 });
  });

  it("leaves ephemeral data untouched, and writes keys that happen to be ephemeral too", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("progress", 50);

    await ctx.merge({ progress: 60 });

    expect([ctx.ephemeral, ctx.persistent]).toEqual([{ progress: 50 }, { progress: 60 }]);
    await ctx.merge({}, "replace");
    expect([ctx.ephemeral, ctx.persistent]).toEqual([{ progress: 50 }, {}]);
  });

  it("takes own keys of any name", async () => {
    const ctx = await open().context("run");
    const values = JSON.parse('{"__proto__":1,"constructor":2,"toJSON":3}') as object;

    await ctx.merge(values, "update");

    expect(ctx.keys()).toEqual(["__proto__", "constructor", "toJSON"]);
    expect(ctx.get("__proto__")).toBe(1);
    expect(Object.getPrototypeOf(ctx.persistent)).toBe(Object.prototype);
  });

  it.each([
    ["null", null],
    ["an array", [1]],
    ["a map", new Map()],
    ["text", "a"],
  ])("refuses %s in place of an object of keys and values", async (_, values) => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.merge(values as object, "replace"))).code).toBe("VALUE_UNSUPPORTED");
    expect((await refusalOf(() => ctx.update(values as object))).code).toBe("VALUE_UNSUPPORTED");
  });
});

eachEngine("update", ({ open }) => {
  it("is one event and one version for all its keys", async () => {
    const ctx = await open().context("run", { initial: { a: 1, goal: 1 }, protect: ["goal"] });

    expect(await ctx.update({ a: 1, b: 2, goal: 2, c: 3 })).toEqual({
      written: ["b", "c"],
      skipped: [{ key: "goal", why: "protected" }],
    });

    expect([ctx.version, ctx.sequence]).toEqual([1, 2]);
    expect((await ctx.changes()).at(-1)!.details).toEqual({
      keys: ["b", "c"],
      count: 2,
      skippedProtected: 1,
      skipped: [{ key: "goal", why: "protected" }],
    });
  });
});
