import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("a fork", ({ name, open, reopen }) => {
  it("starts as the context was at a point, and goes on with its numbers", async () => {
    const store = open({ protect: ["goal"] });
    const ctx = await store.context("run", { initial: { goal: "ship", step: 0 }, metadata: { team: "red" } });
    await ctx.set("step", 1);
    await ctx.set("step", 2);
    await ctx.set("late", true);

    const twin = await ctx.fork("twin", { at: 2 });

    expect([twin.id, twin.version, twin.sequence]).toEqual(["twin", 2, 4]);
    expect({ ...twin.persistent }).toEqual({ goal: "ship", step: 2 });
    expect(twin.protectedKeys).toEqual(["goal"]);
    expect(twin.metadata).toEqual({ team: "red" });
    await twin.set("step", 3);
    expect(twin.version).toBe(3);
  });

  it("leaves the context alone, and is left alone by it", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("list", [1]);
    const twin = await ctx.fork("twin");

    await twin.edit("list", (list) => [...(list as number[]), 2]);
    await ctx.set("own", true);

    expect({ ...ctx.persistent }).toEqual({ list: [1], own: true });
    expect({ ...twin.persistent }).toEqual({ list: [1, 2] });
    expect({ ...(await twin.at("@~1")).data }).toEqual({ list: [1] });
  });

  it("neither inherits snapshots, ephemeral keys and receipts, nor work that waits to be merged", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", 1, { idempotencyKey: "once" });
    await ctx.setEphemeral("progress", 50);
    await ctx.snapshot("here");

    const twin = await ctx.fork("twin");

    expect(twin.snapshots()).toEqual([]);
    expect(twin.ephemeral).toEqual({});
    await twin.set("a", 2, { idempotencyKey: "once" });
    expect(twin.get("a")).toBe(2);
    expect(ctx.snapshots()).toHaveLength(1);
  });

  it("inherits phases that had finished by then, and no others", async () => {
    const store = open();
    const ctx = await store.context("run");
    const runs: string[] = [];
    const work = (name: string) => () => void runs.push(name);
    await ctx.phase("first", work("first"), { once: "1" });
    const between = ctx.version;
    await ctx.set("step", 1);
    await ctx.phase("second", work("second"), { once: "2" });

    const twin = await ctx.fork("twin", { at: between });
    await twin.phase("first", work("first again"), { once: "1" });
    await twin.phase("second", work("second again"), { once: "2" });

    expect(runs).toEqual(["first", "second", "second again"]);
  });

  it("tells its past as its parent's, up to where it was forked", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { n: 0 } });
    await ctx.set("n", 1, { actor: "before" });
    await ctx.set("n", 2, { actor: "behind" });
    const twin = await ctx.fork("twin", { at: 1 });
    await twin.set("n", 3, { actor: "own" });

    const events = await twin.history();
    expect(events.map(({ sequence, type, actor }) => [sequence, type, actor])).toEqual([
      [1, "context_created", null],
      [2, "value_set", "before"],
      [3, "context_forked", null],
      [4, "value_set", "own"],
    ]);
    expect((await twin.history({ order: "newest", limit: 3 })).map(({ sequence }) => sequence)).toEqual([
      4, 3, 2,
    ]);
    expect((await twin.history({ key: "n" })).map(({ sequence }) => sequence)).toEqual([1, 2, 4]);
    expect(
      (await twin.history({ key: "n", order: "newest", limit: 2 })).map(({ sequence }) => sequence),
    ).toEqual([4, 2]);
    expect((await twin.at(0)).data).toEqual({ n: 0 });
    expect((await twin.at(1)).data).toEqual({ n: 1 });
    expect((await twin.changes()).map(({ operation }) => operation)).toEqual([
      "initialize",
      "set",
      "fork",
      "set",
    ]);
    expect((await twin.changes())[2]?.details).toMatchObject({ parent: "run", at: 1 });
  });

  it("goes back to what it was before the fork", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { n: 0 } });
    await ctx.set("n", 1);
    const twin = await ctx.fork("twin");
    await twin.set("n", 2);

    expect(await twin.restore({ version: 0 })).toBe(true);

    expect([twin.get("n"), twin.version]).toEqual([0, 3]);
  });

  it("of a fork, at a point before that one, hangs on the first ancestor that has the point", async () => {
    const store = open();
    const root = await store.context("root", { initial: { n: 0 } });
    await root.set("n", 1);
    await root.set("n", 2);
    const middle = await root.fork("middle");
    await middle.set("n", 3);

    const early = await middle.fork("early", { at: 1 });
    const late = await middle.fork("late", { metadata: { why: "again" } });

    expect([early.get("n"), late.get("n"), late.metadata]).toEqual([1, 3, { why: "again" }]);
    const { line, family } = await late.lineage();
    expect(line.map(({ id, forkedAt }) => [id, forkedAt?.version])).toEqual([
      ["root", undefined],
      ["middle", 2],
      ["late", 3],
    ]);
    expect(family.forks.map(({ id, forks }) => [id, forks.map((fork) => fork.id)])).toEqual([
      ["middle", ["late"]],
      ["early", []],
    ]);
  });

  it("survives a restart and a rebuild", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1, b: new Date(0) }, protect: ["a"] });
    await ctx.set("c", [1n]);
    const twin = await ctx.fork("twin");
    await twin.set("c", 2);
    await twin.fork("third");

    const report = await store.rebuild();

    expect(Object.values(report.differences).every((count) => count === 0)).toBe(true);
    const again = await reopen(store);
    const [found, third] = [await again.context("twin"), await again.context("third")];
    expect({ ...found.persistent }).toEqual({ a: 1, b: new Date(0), c: 2 });
    expect({ ...third.persistent }).toEqual({ a: 1, b: new Date(0), c: 2 });
    expect((await found.at(1)).get("c")).toEqual([1n]);
    expect(found.protectedKeys).toContain("a");
  });

  it("is refused under a name that is taken, at a point that is not there, and in a batch", async () => {
    const store = open();
    const ctx = await store.context("run");
    await store.context("other");

    expect((await refusalOf(() => ctx.fork("other"))).code).toBe("CONTEXT_EXISTS");
    expect((await refusalOf(() => ctx.fork("twin", { at: 7 }))).code).toBe("ADDRESS_NOT_FOUND");
    expect((await refusalOf(() => ctx.fork(""))).code).toBe("ID_INVALID");
    expect((await refusalOf(() => ctx.batch(() => void ctx.fork("twin")))).code).toBe("BATCH_UNSUPPORTED");
    expect(await store.find("twin")).toBeUndefined();
  });

  it("keeps its parent from being deleted, unless what it needs stays", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { n: 0 } });
    await ctx.set("n", 1);
    const twin = await ctx.fork("twin");
    await ctx.set("secret", "of the parent alone");

    expect(await refusalOf(() => store.delete("run"))).toMatchObject({
      code: "CONTEXT_HAS_FORKS",
      details: { context: "run", forks: ["twin"] },
    });
    expect(await store.delete("run", { forks: "keep" })).toBe(true);

    expect(await store.find("run")).toBeUndefined();
    expect((await store.contexts()).map(({ id }) => id)).toEqual(["twin"]);
    expect((await twin.at(0)).data).toEqual({ n: 0 });
    expect((await twin.history()).map(({ type }) => type)).toEqual([
      "context_created",
      "value_set",
      "context_forked",
    ]);
    expect((await twin.lineage()).line.map(({ id }) => id)).toEqual([undefined, "twin"]);
    const again = await store.context("run");
    expect(again.version).toBe(0);
    expect(Object.values((await store.rebuild()).differences).every((count) => count === 0)).toBe(true);
    expect((await store.stats()).contexts).toBe(2);
  });

  it("does not take with it a context that has got the name of what was kept for it", async () => {
    const store = open();
    const first = await store.context("run", { initial: { a: 1 } });
    await first.fork("twin");
    await store.delete("run", { forks: "keep" });
    await store.context("run", { initial: { a: 2 } });

    await store.delete("twin");

    expect((await store.find("run"))?.get("a")).toBe(2);
    expect((await store.contexts()).map(({ id }) => id)).toEqual(["run"]);
  });

  it("takes with it, when it is deleted, what was kept for it alone", async () => {
    const store = open();
    const root = await store.context("root", { initial: { n: 0 } });
    const middle = await root.fork("middle");
    const leaf = await middle.fork("leaf");
    await store.delete("root", { forks: "keep" });
    await store.delete("middle", { forks: "keep" });
    expect((await leaf.at(0)).data).toEqual({ n: 0 });

    await store.delete("leaf");

    expect((await store.contexts()).length).toBe(0);
    if (name === "SQLite") {
      const { rows } = await store.query("SELECT count(*) AS events FROM events WHERE context > 0");
      expect(rows).toEqual([{ events: 0 }]);
    }
  });
});
