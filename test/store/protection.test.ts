import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("protection", ({ open, reopen }) => {
  it("covers the session's names from the start, unless the store says otherwise", async () => {
    const usual = await open().context("run");
    const configured = await open({ protect: ["goal"] }).context("run", { protect: ["owner"] });

    expect(usual.protectedKeys).toEqual(["initial_task", "run_id", "session_id", "workflow_id"]);
    expect(configured.protectedKeys).toEqual(["goal", "owner"]);
  });

  it("leaves a first write free for every verb", async () => {
    const ctx = await open({ protect: ["a", "b", "c", "d_d", "e", "f"] }).context("run");

    await ctx.set("a", 1);
    await ctx.update({ b: 1 });
    await ctx.merge({ c: 1 }, "safe");
    await ctx.merge({ d: 1 }, "prefixed", { prefix: "d_" });
    await ctx.merge({ e: 1 }, "update");
    await ctx.edit("f", () => 1);

    expect(ctx.clone()).toEqual({ a: 1, b: 1, c: 1, d_d: 1, e: 1, f: 1 });
  });

  it("refuses set, edit and delete of a present value, naming the key and never the values", async () => {
    const ctx = await open().context("run");
    await ctx.set("goal", "secret-old", { protect: true });
    const { sequence } = ctx;

    for (const write of [
      () => ctx.set("goal", "secret-new"),
      () => ctx.edit("goal", () => "secret-new"),
      () => ctx.delete("goal"),
      () => ctx.setEphemeral("goal", "secret-new"),
    ]) {
      const refusal = await refusalOf(write);
      expect(refusal).toMatchObject({ code: "KEY_PROTECTED", details: { context: "run", key: "goal" } });
      expect(refusal.message).not.toContain("secret");
    }
    expect([ctx.get("goal"), ctx.sequence]).toEqual(["secret-old", sequence]);
  });

  it("takes a null for a value", async () => {
    const ctx = await open().context("run");
    await ctx.set("goal", null, { protect: true });

    expect((await refusalOf(() => ctx.set("goal", 1))).code).toBe("KEY_PROTECTED");
  });

  it("accepts an equal value", async () => {
    const ctx = await open().context("run");
    await ctx.set("goal", { a: 1, b: 2 }, { protect: true });

    await ctx.set("goal", { b: 2, a: 1 });

    expect(ctx.version).toBe(1);
  });

  it("is skipped by the verbs over many keys, which say so with full names", async () => {
    const ctx = await open().context("run");
    await ctx.set("goal", 1, { protect: true });
    const skipped = [{ key: "goal", why: "protected" }];

    expect(await ctx.update({ goal: 2, a: 1 })).toEqual({ written: ["a"], skipped });
    expect(await ctx.merge({ goal: 2, b: 1 }, "safe")).toEqual({ written: ["b"], skipped });
    expect(await ctx.merge({ goal: 2, c: 1 }, "update")).toEqual({ written: ["c"], skipped });
    expect(await ctx.merge({ al: 2, d: 1 }, "prefixed", { prefix: "go" })).toEqual({
      written: ["god"],
      skipped,
    });
    expect(await ctx.merge({ goal: 2, e: 1 }, "replace")).toEqual({ written: ["e"], skipped });
    expect(await ctx.merge({ goal: 2, f: 1 }, "threeWay", { base: 1 })).toEqual({ written: ["f"], skipped });
    expect(ctx.get("goal")).toBe(1);
  });

  it("counts an equal value of a protected key as skipped, and of any other key as nothing", async () => {
    const ctx = await open().context("run", { initial: { goal: 1, a: 1 }, protect: ["goal"] });

    expect(await ctx.update({ goal: 1, a: 1 })).toEqual({
      written: [],
      skipped: [{ key: "goal", why: "protected" }],
    });
  });

  it("is an event, and so is lifting it, without a version", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("goal", 1);

    expect([await ctx.protect("goal"), await ctx.protect("goal")]).toEqual([true, false]);
    expect([await ctx.unprotect("run_id"), await ctx.unprotect("run_id")]).toEqual([true, false]);

    expect(ctx.version).toBe(1);
    const logged = (await ctx.changes()).map(({ operation, details }) => ({ operation, details }));
    expect(logged.slice(-2)).toEqual([
      { operation: "protect", details: { key: "goal" } },
      { operation: "unprotect", details: { key: "run_id" } },
    ]);
    const again = await (await reopen(store)).context("run", { protect: ["other"] });
    expect(again.protectedKeys).toEqual(["goal", "initial_task", "session_id", "workflow_id"]);
  });

  it("covers any name, present or not", async () => {
    const ctx = await open().context("run");

    expect(await ctx.protect("not yet")).toBe(true);
    expect(ctx.has("not yet")).toBe(false);
    await ctx.set("not yet", 1);

    expect((await refusalOf(() => ctx.set("not yet", 2))).code).toBe("KEY_PROTECTED");
  });

  it("comes with the value in one event when set asks for it", async () => {
    const ctx = await open().context("run");

    await ctx.set("goal", 1, { protect: true });

    expect([ctx.version, ctx.sequence]).toEqual([1, 2]);
    expect((await ctx.changes()).map(({ operation, details }) => ({ operation, details }))).toEqual([
      { operation: "set", details: { key: "goal", hadPrevious: false, protected: true } },
    ]);
  });

  it("can be added by setting an equal value, which is then no change of data", async () => {
    const ctx = await open().context("run", { initial: { goal: 1 } });

    await ctx.set("goal", 1, { protect: true });

    expect(ctx.version).toBe(0);
    expect((await ctx.changes()).at(-1)).toMatchObject({ operation: "protect", details: { key: "goal" } });
    expect((await refusalOf(() => ctx.set("goal", 2))).code).toBe("KEY_PROTECTED");
  });

  it("is lifted by unprotect, after which the key is like any other", async () => {
    const ctx = await open().context("run");
    await ctx.set("goal", 1, { protect: true });

    await ctx.unprotect("goal");
    await ctx.set("goal", 2);

    expect(await ctx.delete("goal")).toBe(true);
  });

  it("holds on the protected initial data of a new context", async () => {
    const ctx = await open().context("run", { initial: { session_id: "s1" } });

    expect((await refusalOf(() => ctx.set("session_id", "s2"))).code).toBe("KEY_PROTECTED");
  });

  it("does not bar deleting a name without a value, which tells that there was none", async () => {
    const ctx = await open().context("run");

    expect(await ctx.delete("session_id")).toBe(false);
    expect(ctx.sequence).toBe(1);
  });

  it("bars an ephemeral value under the name, with a persistent value or without", async () => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.setEphemeral("session_id", 1))).code).toBe("KEY_PROTECTED");
  });

  it("leaves an ephemeral value that was there before, shadowed by a persistent one", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("goal", "scratch");
    await ctx.protect("goal");

    expect(ctx.get("goal")).toBe("scratch");
    await ctx.set("goal", "real");

    expect(ctx.get("goal")).toBe("real");
    expect(ctx.ephemeral).toEqual({ goal: "scratch" });
  });
});
