import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("a store of many contexts", ({ open, reopen }) => {
  it("opens a context that is there, or makes it once", async () => {
    const store = open();
    const first = await store.context("run", {
      initial: { a: 1 },
      protect: ["a"],
      metadata: { owner: "ann" },
    });
    await first.set("b", 1);

    const again = await store.context("run", {
      initial: { a: 2 },
      protect: ["z"],
      metadata: { owner: "bob" },
    });

    expect([again.persistent, again.version, again.metadata]).toEqual([{ a: 1, b: 1 }, 1, { owner: "ann" }]);
    expect(again.protectedKeys).not.toContain("z");
  });

  it("makes one context for openings that nobody waited for", async () => {
    const store = open();

    const contexts = await Promise.all(Array.from({ length: 5 }, async () => store.context("run")));
    await Promise.all(contexts.map(async (ctx, n) => ctx.set(`k${n}`, n)));

    expect(contexts.map(({ version }) => version)).toEqual([5, 5, 5, 5, 5]);
    expect((await store.contexts()).length).toBe(1);
  });

  it("finds a context, and creates none by looking", async () => {
    const store = open();

    expect(await store.find("run")).toBeUndefined();
    await store.context("run", { initial: { a: 1 } });

    expect((await store.find("run"))?.get("a")).toBe(1);
    expect((await store.contexts()).length).toBe(1);
  });

  it("lists contexts in order of their ids with what is known of them", async () => {
    let now = 1_000;
    const store = open({ now: () => now });
    await store.context("b", { initial: { x: 1, y: 1 }, metadata: { owner: "ann" } });
    now = 2_000;
    const a = await store.context("a");
    now = 3_000;
    await a.set("z", 1);
    await a.setEphemeral("e", 1);

    expect(await store.contexts()).toEqual([
      { id: "a", version: 1, events: 3, keys: 1, createdAt: 2_000, changedAt: 3_000, metadata: {} },
      {
        id: "b",
        version: 0,
        events: 1,
        keys: 2,
        createdAt: 1_000,
        changedAt: 1_000,
        metadata: { owner: "ann" },
      },
    ]);
  });

  it("lists those of a pattern, of metadata, with a key, changed in a span of time, and several of these", async () => {
    let now = 0;
    const store = open({ now: () => now });
    const make = async (id: string, at: number, metadata: object, initial: object) => {
      now = at;
      await store.context(id, { metadata: metadata as Record<string, unknown>, initial });
    };
    await make("run-1", 1_000, { owner: "ann", tags: ["x"] }, { plan: 1 });
    await make("run-2", 2_000, { owner: "bob" }, { plan: 1 });
    await make("run-30", 3_000, { owner: "ann", round: 1 }, {});
    await make("other*", 4_000, { owner: "1" }, { notes: 1 });
    const ids = async (query: object) => (await store.contexts(query)).map(({ id }) => id);

    expect(await ids({ id: "run-*" })).toEqual(["run-1", "run-2", "run-30"]);
    expect(await ids({ id: "run-?" })).toEqual(["run-1", "run-2"]);
    expect(await ids({ id: "run-[2-9]*" })).toEqual(["run-2", "run-30"]);
    expect(await ids({ id: "RUN-*" })).toEqual([]);
    expect(await ids({ id: "other[*]" })).toEqual(["other*"]);
    expect(await ids({ metadata: { owner: "ann" } })).toEqual(["run-1", "run-30"]);
    expect(await ids({ metadata: { owner: "ann", round: 1 } })).toEqual(["run-30"]);
    expect(await ids({ metadata: { tags: ["x"] } })).toEqual(["run-1"]);
    expect(await ids({ metadata: { owner: 1 } })).toEqual([]);
    expect(await ids({ key: "plan" })).toEqual(["run-1", "run-2"]);
    expect(await ids({ changedSince: 2_000 })).toEqual(["other*", "run-2", "run-30"]);
    expect(await ids({ changedBefore: new Date(3_000) })).toEqual(["run-1", "run-2"]);
    expect(await ids({ changedSince: 2_000, changedBefore: 4_000, metadata: { owner: "ann" } })).toEqual([
      "run-30",
    ]);
  });

  it("lists page by page", async () => {
    const store = open();
    for (const id of ["a", "b", "c", "d", "e"]) await store.context(id);
    const ids = async (query: object) => (await store.contexts(query)).map(({ id }) => id);

    expect(await ids({ limit: 2 })).toEqual(["a", "b"]);
    expect(await ids({ limit: 2, after: "b" })).toEqual(["c", "d"]);
    expect(await ids({ limit: 2, after: "d" })).toEqual(["e"]);
    expect(await ids({ after: "bb" })).toEqual(["c", "d", "e"]);
    expect(await ids({ limit: 0 })).toEqual([]);
  });

  it("keeps metadata, changed name by name", async () => {
    const store = open();
    const ctx = await store.context("run", { metadata: { owner: "ann", round: 1 } });

    await ctx.setMetadata({ round: 2, at: new Date(0), owner: undefined });

    expect(ctx.metadata).toEqual({ round: 2, at: new Date(0) });
    const again = await (await reopen(store)).context("run");
    expect([again.metadata, again.version]).toEqual([{ round: 2, at: new Date(0) }, 0]);
  });

  it("renames a context, whose handles stay valid", async () => {
    const store = open();
    const ctx = await store.context("old", { initial: { a: 1 } });
    await store.context("taken");

    expect((await refusalOf(() => ctx.rename("taken"))).code).toBe("CONTEXT_EXISTS");
    expect((await refusalOf(() => ctx.rename(""))).code).toBe("ID_INVALID");
    await ctx.rename("new");
    await ctx.set("a", 2);

    expect([ctx.id, ctx.version, await store.find("old")]).toEqual(["new", 1, undefined]);
    expect((await store.find("new"))?.get("a")).toBe(2);
    expect((await store.context("old")).keys()).toEqual([]);
    const reopened = await reopen(store);
    expect((await reopened.contexts()).map(({ id }) => id)).toEqual(["new", "old", "taken"]);
    expect(new Set(Object.values((await reopened.rebuild()).differences))).toEqual(new Set([0]));
  });

  it("deletes a context when told to, and tells whether there was one", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 } });

    expect([await store.delete("run"), await store.delete("run")]).toEqual([true, false]);

    expect(await store.find("run")).toBeUndefined();
    for (const use of [
      () => ctx.set("a", 2),
      () => ctx.history(),
      () => ctx.at(0),
      () => ctx.refresh(),
      () => ctx.snapshot(),
      () => ctx.phase("p", () => 1),
    ]) {
      expect((await refusalOf(use)).code).toBe("CONTEXT_DELETED");
    }
    const again = await store.context("run");
    expect([again.keys(), again.sequence]).toEqual([[], 1]);
  });

  it("says that it is closed to whatever is used afterwards", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 } });
    await store.close();
    await store.close();

    for (const use of [
      () => store.context("run"),
      () => store.find("run"),
      () => store.contexts(),
      () => store.stats(),
      () => ctx.set("a", 2),
      () => ctx.history(),
      () => ctx.at(0),
      () => ctx.phase("p", () => 1),
      () => ctx.get("a"),
    ]) {
      expect((await refusalOf(use)).code).toBe("STORE_CLOSED");
    }
  });

  it("finds nothing to mend when it makes every projection again", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 }, metadata: { m: 1 } });
    await ctx.update({ b: new Map([["x", 1n]]), c: 1 });
    await ctx.delete("c");
    await ctx.setEphemeral("e", 1);
    await ctx.protect("a");
    await ctx.snapshot("s");
    await ctx.phase("p", (copy) => void (copy.p = 1), { once: "p" });
    await ctx.set("d", 1, { idempotencyKey: "k" });
    await ctx.rename("other");
    const before = [ctx.clone(), ctx.keys(), ctx.snapshots(), await ctx.phases()];
    const { version, sequence } = ctx;

    const report = await store.rebuild();

    expect(report).toMatchObject({ contexts: 1, events: sequence });
    expect(new Set(Object.values(report.differences))).toEqual(new Set([0]));
    const again = await (await reopen(store)).context("other");
    expect([again.clone(), again.keys(), again.snapshots(), await again.phases()]).toEqual(before);
    await again.set("d", 1, { idempotencyKey: "k" });
    expect([again.version, again.sequence]).toEqual([version, sequence]);
  });
});
