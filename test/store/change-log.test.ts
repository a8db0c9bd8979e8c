import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("the change log", ({ open, reopen }) => {
  it("shows operations on data, protection and restores, with their details", async () => {
    let now = 1_000;
    const ctx = await open({ now: () => now++ }).context("run", { initial: { a: 1 } });
    await ctx.set("a", null);
    await ctx.set("a", 2);
    await ctx.edit("a", () => 3);
    await ctx.update({ b: 1 });
    await ctx.merge({ c: 1 });
    await ctx.delete("c");
    await ctx.setEphemeral("e", 1);
    await ctx.clearEphemeral();
    await ctx.protect("a");
    await ctx.unprotect("a");
    await ctx.restore({ version: 0 });

    expect(
      (await ctx.changes()).map(({ operation, version, details }) => [operation, version, details]),
    ).toEqual([
      ["initialize", 0, { keys: ["a"] }],
      ["set", 1, { key: "a", hadPrevious: true, protected: false }],
      ["set", 2, { key: "a", hadPrevious: true, protected: false }],
      ["edit", 3, { key: "a", hadPrevious: true, protected: false }],
      ["update", 4, { keys: ["b"], count: 1, skippedProtected: 0, skipped: [] }],
      ["merge", 5, { strategy: "safe", prefix: null, keys: ["c"], keysMerged: 1, skipped: [] }],
      ["delete", 6, { key: "c" }],
      ["set_ephemeral", 6, { key: "e" }],
      ["clear_ephemeral", 6, { keysCleared: ["e"] }],
      ["protect", 6, { key: "a" }],
      ["unprotect", 6, { key: "a" }],
      ["restore", 7, { version: 0, reason: null, snapshot: null, sequence: 1 }],
    ]);
    const times = (await ctx.changes()).map(({ at }) => at);
    expect(times).toEqual(times.map((_, n) => times[0]! + n));
  });

  it("leaves out snapshots, phases without changes, names, metadata, limits and empty beginnings", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.snapshot("s");
    await ctx.phase("idle", () => 1);
    await ctx.phase("broken", () => Promise.reject(new Error("no"))).catch(() => undefined);
    await ctx.setMetadata({ a: 1 });
    await ctx.setLimits({ warn: { keys: 9 } });
    await ctx.rename("other");
    await ctx.set("x", 1, { idempotencyKey: "k" });
    await ctx.set("x", 1, { idempotencyKey: "l" });

    expect((await ctx.changes()).map(({ operation }) => operation)).toEqual(["set"]);
    expect((await ctx.changes())[0]!.details).toEqual({ key: "x", hadPrevious: false, protected: false });
  });

  it("keeps the newest 200 unless told otherwise; older ones are in the history", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.batch(() => {
      for (let n = 1; n <= 230; n += 1) void ctx.set("n", n);
    });

    expect((await ctx.changes()).map(({ version }) => version)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 31),
    );
    expect((await ctx.history()).length).toBe(231);
    const brief = await (await reopen(store, { retention: { changes: 3 } })).context("run");
    expect((await brief.changes()).map(({ version }) => version)).toEqual([228, 229, 230]);
  });

  it("shows as many as it is asked for, more than it would by itself, too", async () => {
    const ctx = await open({ retention: { changes: 2 } }).context("run");
    for (let n = 1; n <= 5; n += 1) await ctx.set("n", n);
    const versions = async (limit?: number) =>
      (await ctx.changes(limit === undefined ? {} : { limit })).map(({ version }) => version);

    expect(await versions()).toEqual([4, 5]);
    expect(await versions(4)).toEqual([2, 3, 4, 5]);
    expect(await versions(99)).toEqual([1, 2, 3, 4, 5]);
    expect(await versions(0)).toEqual([]);
    for (const limit of [-1, 1.5, Number.NaN, "2" as never])
      expect((await refusalOf(() => ctx.changes({ limit }))).code).toBe("OPTION_INVALID");
  });

  it("refuses a retention that keeps nothing", async () => {
    for (const retention of [{ changes: 0 }, { snapshots: 0 }, { snapshots: 1.5 }, { changes: -1 }]) {
      expect((await refusalOf(() => open({ retention }))).code).toBe("OPTION_INVALID");
    }
  });

  it("tells who did it, why, and in which phase", async () => {
    const ctx = await open({ actor: "host", tags: { trace: "t1" } }).context("run");
    await ctx.set("a", 1);
    await ctx.set("a", 2, { actor: "planner", cause: "run#1", tags: { span: "s1" } });
    const { phase } = await ctx.phase("p", (copy) => void (copy.b = 1), { actor: "worker" });

    const [first, second, third] = await ctx.changes();
    expect([first!.actor, first!.cause, first!.phase]).toEqual(["host", null, null]);
    expect([second!.actor, second!.cause]).toEqual(["planner", "run#1"]);
    expect([third!.actor, third!.phase]).toEqual(["worker", phase]);
    expect((await ctx.history({ type: "value_set" })).map(({ tags }) => tags)).toEqual([
      { trace: "t1" },
      { trace: "t1", span: "s1" },
    ]);
  });
});

eachEngine("the history", ({ open }) => {
  it("has every event with its effects, oldest or newest first, in parts", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    await ctx.set("b", { list: [1] });
    await ctx.delete("a");
    await ctx.snapshot("s");
    const sequences = async (query: object) => (await ctx.history(query)).map(({ sequence }) => sequence);

    expect(await sequences({})).toEqual([1, 2, 3, 4]);
    expect(await sequences({ order: "newest" })).toEqual([4, 3, 2, 1]);
    expect(await sequences({ limit: 2 })).toEqual([1, 2]);
    expect(await sequences({ limit: 0 })).toEqual([]);
    expect(await sequences({ after: 2 })).toEqual([3, 4]);
    expect(await sequences({ after: 3, order: "newest", limit: 1 })).toEqual([2]);
    expect(await sequences({ key: "a" })).toEqual([1, 3]);
    expect(await sequences({ type: "value_set" })).toEqual([2]);
    const [event] = await ctx.history({ key: "b" });
    expect(event).toMatchObject({ context: "run", type: "value_set", version: 1, actor: null, batch: null });
    expect(event!.effects).toEqual([{ op: "set", scope: "persistent", key: "b", value: { list: [1] } }]);
    expect(event!.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("finds a key's events by the key of data, not of what the store keeps of itself", async () => {
    const ctx = await open().context("run");
    await ctx.setMetadata({ name: "x" });
    await ctx.protect("name");

    expect((await ctx.history({ key: "name" })).map(({ type }) => type)).toEqual(["key_protected"]);
  });

  it("numbers events without gaps, whatever was refused or changed nothing", async () => {
    const ctx = await open().context("run", { initial: { goal: 1 }, protect: ["goal"] });
    for (let n = 0; n < 5; n += 1) {
      await ctx.set("n", n);
      await ctx.set("n", n);
      await refusalOf(() => ctx.set("goal", n + 2));
      await refusalOf(() => ctx.batch(() => void (ctx.set("x", n), ctx.set("goal", 9))));
    }

    expect((await ctx.history()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
