import { describe, expect, it } from "vitest";
import { type AnyContext, eachEngine } from "../support/each-engine.js";

/** A context that has something of everything. */
async function furnish(ctx: AnyContext): Promise<void> {
  await ctx.update({ a: 1, b: { list: [1] } });
  await ctx.setEphemeral("progress", 50);
  await ctx.protect("b");
  await ctx.setMetadata({ owner: "ann" });
  await ctx.setLimits({ warn: { keys: 9 } });
}

eachEngine("a write that changes nothing", ({ open }) => {
  const writes: Record<string, (ctx: AnyContext) => unknown> = {
    "set an equal value": (ctx) => ctx.set("a", 1),
    "set an equal value of a protected key": (ctx) => ctx.set("b", { list: [1] }),
    "edit to an equal value": (ctx) => ctx.edit("b", () => ({ list: [1] })),
    "edit nothing": (ctx) => ctx.edit("b", () => undefined),
    "update with equal values": (ctx) => ctx.update({ a: 1 }),
    "update with protected keys only": (ctx) => ctx.update({ b: 2 }),
    "update with nothing": (ctx) => ctx.update({}),
    "delete an absent key": (ctx) => ctx.delete("absent"),
    "delete a protected name without a value": (ctx) => ctx.delete("session_id"),
    "set an equal ephemeral value": (ctx) => ctx.setEphemeral("progress", 50),
    "merge present keys safely": (ctx) => ctx.merge({ a: 2 }, "safe"),
    "merge equal values": (ctx) => ctx.merge({ a: 1 }, "update"),
    "merge equal values under a prefix": (ctx) => ctx.merge({ "": 1 }, "prefixed", { prefix: "a" }),
    "replace by the same": (ctx) => ctx.merge({ a: 1 }, "replace"),
    "merge what a base had": (ctx) => ctx.merge({ a: 1 }, "threeWay", { base: ctx.version }),
    "merge nothing": (ctx) => ctx.merge({}),
    "protect what is protected": (ctx) => ctx.protect("b"),
    "protect what is protected by default": (ctx) => ctx.protect("run_id"),
    "unprotect what is not protected": (ctx) => ctx.unprotect("a"),
    "set and protect what is so already": (ctx) => ctx.set("b", { list: [1] }, { protect: true }),
    "set equal metadata": (ctx) => ctx.setMetadata({ owner: "ann", absent: undefined }),
    "set equal limits": (ctx) => ctx.setLimits({ warn: { keys: 9 } }),
    "rename to the present id": (ctx) => ctx.rename("run"),
    "batch nothing": (ctx) => ctx.batch(() => undefined),
    "batch equal values": (ctx) => ctx.batch(() => void ctx.set("a", 1)),
  };

  it.each(Object.entries(writes))("appends nothing and moves nothing: %s", async (_, write) => {
    const ctx = await open().context("run");
    await furnish(ctx);
    const { version, sequence } = ctx;
    const changes = await ctx.changes();

    await write(ctx);

    expect([ctx.version, ctx.sequence]).toEqual([version, sequence]);
    expect((await ctx.history()).length).toBe(sequence);
    expect(await ctx.changes()).toEqual(changes);
  });

  it("does so when there are no ephemeral keys to clear", async () => {
    const ctx = await open().context("run");

    expect(await ctx.clearEphemeral()).toEqual([]);

    expect(ctx.sequence).toBe(1);
  });

  it("is recorded all the same for a restore, without a version", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1);
    const { sequence } = ctx;

    expect(await ctx.restore({ version: 1 })).toBe(true);

    expect([ctx.version, ctx.sequence]).toEqual([1, sequence + 1]);
    expect((await ctx.history()).at(-1)).toMatchObject({
      type: "snapshot_restored",
      effects: [],
      version: 1,
    });
    expect((await ctx.changes()).at(-1)).toMatchObject({ operation: "restore", version: 1 });
  });

  it("is recorded all the same for a phase that finished, without a version", async () => {
    const ctx = await open().context("run");

    const { version } = await ctx.phase("idle", () => "done");

    expect([version, ctx.version]).toEqual([0, 0]);
    expect((await ctx.history({ type: "phase_finished" })).length).toBe(1);
  });

  it("is recorded under an idempotency key as what it was, so that the change log leaves it out", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    await ctx.update({ a: 1 }, { idempotencyKey: "k" });
    await ctx.merge({ a: 2 }, "safe", { idempotencyKey: "l" });
    await ctx.clearEphemeral({ idempotencyKey: "m" });

    expect((await ctx.history()).slice(1).map(({ type }) => type)).toEqual([
      "nothing_changed",
      "nothing_changed",
      "nothing_changed",
    ]);
    expect((await ctx.changes()).map(({ operation }) => operation)).toEqual(["initialize"]);
  });

  it("is recorded all the same under an idempotency key, without a version", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    await ctx.set("a", 1, { idempotencyKey: "k" });

    expect([ctx.version, ctx.sequence]).toEqual([0, 2]);
    expect((await ctx.history()).at(-1)).toMatchObject({
      type: "nothing_changed",
      effects: [],
      details: {},
      idempotencyKey: "k",
    });
  });
});

const date = (time: number) => new Date(time);
const [aliceFirst, bobFirst] = [
  { alice: 1, bob: 2 },
  { bob: 2, alice: 1 },
];

/** Each with whether the two are the same value to the store. */
const pairs: readonly [title: string, before: unknown, after: unknown, isSame: boolean][] = [
  ["1 and true", 1, true, false],
  ["0 and false", 0, false, false],
  ["1 and a text of it", 1, "1", false],
  ["1 and 1n", 1, 1n, false],
  ["1 and 1.0", 1, 1.0, true],
  ["NaN and NaN", Number.NaN, Number.NaN, true],
  ["0 and -0", 0, -0, false],
  ["null and an empty object", null, {}, false],
  ["a missing key and an undefined one", {}, { a: undefined }, false],
  ["null and undefined in an object", { a: null }, { a: undefined }, false],
  ["objects with keys in another order", aliceFirst, bobFirst, true],
  ["objects in arrays with keys in another order", [aliceFirst], [bobFirst], true],
  ["arrays in another order", [1, 2], [2, 1], false],
  ["an array and an object with its indexes", [1], { 0: 1 }, false],
  ["equal dates", date(1), date(1), true],
  ["other dates", date(1), date(2), false],
  ["a date and its text", date(1), date(1).toISOString(), false],
  ["equal maps", new Map([["a", 1]]), new Map([["a", 1]]), true],
  ["maps in another order", new Map(Object.entries(aliceFirst)), new Map(Object.entries(bobFirst)), false],
  ["sets in another order", new Set([1, 2]), new Set([2, 1]), false],
  ["equal sets", new Set([1, 2]), new Set([1, 2]), true],
  ["typed arrays of two kinds", new Uint8Array([1]), new Int8Array([1]), false],
  ["equal patterns", /a/g, /a/g, true],
  ["patterns with other flags", /a/g, /a/i, false],
  ["deeply equal values", { a: [{ b: [date(0), 1n] }] }, { a: [{ b: [date(0), 1n] }] }, true],
  ["deeply unlike values", { a: [{ b: [date(0), 1n] }] }, { a: [{ b: [date(0), 2n] }] }, false],
];

eachEngine("equality", ({ open, reopen }) => {
  it.each(pairs)("of %s", async (_, before, after, isSame) => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", before);
    await ctx.set("a", after);
    expect(ctx.version).toBe(isSame ? 1 : 2);

    const again = await (await reopen(store)).context("run");
    const { version } = again;
    await again.set("a", after);

    expect(again.version).toBe(version);
    await again.set("a", before);
    expect(again.version).toBe(isSame ? 1 : 3);
  });
});

describe("what is compared", () => {
  it("has pairs of both kinds", () => {
    expect(new Set(pairs.map(([, , , isSame]) => isSame))).toEqual(new Set([true, false]));
  });
});
