import { expect, it } from "vitest";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

const reasonsOf = (ctx: AnyContext) => ctx.snapshots().map(({ reason }) => reason);

eachEngine("the retention of snapshots", ({ open, reopen }) => {
  it("lets the oldest go by their number, their age and the bytes that they mark", async () => {
    let now = 1_000;
    const snapshots = { keep: 3, maxAgeMs: 100, maxBytes: 30 };
    const ctx = await open({ now: () => now, retention: { snapshots } }).context("run");

    for (const reason of ["a", "b", "c", "d"]) await ctx.snapshot(reason);
    expect(reasonsOf(ctx)).toEqual(["b", "c", "d"]);

    now += 101;
    await ctx.snapshot("e");
    expect(reasonsOf(ctx)).toEqual(["e"]);

    await ctx.set("text", "ten bytes");
    const heavy = await ctx.snapshot("f");
    expect(heavy.bytes).toBe(11);
    await ctx.snapshot("g");
    await ctx.set("text", "twenty bytes of text");
    await ctx.snapshot("h");
    expect(reasonsOf(ctx)).toEqual(["h"]);
  });

  it("counts age up to the very time of the event that takes one", async () => {
    let now = 1_000;
    const ctx = await open({ now: () => now, retention: { snapshots: { maxAgeMs: 100 } } }).context("run");
    await ctx.snapshot("a");

    now += 100;
    await ctx.snapshot("b");
    expect(reasonsOf(ctx)).toEqual(["a", "b"]);

    now += 1;
    await ctx.snapshot("c");
    expect(reasonsOf(ctx)).toEqual(["b", "c"]);
  });

  it("never lets a pinned one go, nor counts it", async () => {
    const store = open({ retention: { snapshots: 2 } });
    const ctx = await store.context("run", { initial: { n: 1 } });
    const first = await ctx.snapshot("first", { pin: true });
    const second = await ctx.snapshot("second");
    expect([first.isPinned, second.isPinned]).toEqual([true, false]);

    expect(await ctx.pin(second)).toBe(true);
    for (const reason of ["a", "b", "c"]) await ctx.snapshot(reason);

    expect(reasonsOf(ctx)).toEqual(["first", "second", "b", "c"]);
    const again = await (await reopen(store, { retention: { snapshots: 2 } })).context("run");
    expect(reasonsOf(again)).toEqual(["first", "second", "b", "c"]);
    expect(again.snapshots().map(({ isPinned }) => isPinned)).toEqual([true, true, false, false]);
  });

  it("lets an unpinned one go when the next one is taken", async () => {
    const ctx = await open({ retention: { snapshots: 1 } }).context("run");
    await ctx.snapshot("kept", { pin: true });
    await ctx.snapshot("a");

    expect(await ctx.unpin("kept")).toBe(true);
    expect(reasonsOf(ctx)).toEqual(["kept", "a"]);
    await ctx.snapshot("b");

    expect(reasonsOf(ctx)).toEqual(["b"]);
  });

  it("records pins as events without a version, and only where something changes", async () => {
    const ctx = await open().context("run");
    const { id } = await ctx.snapshot("s");

    expect([await ctx.pin("s"), await ctx.pin(id), await ctx.unpin(id), await ctx.unpin("s")]).toEqual([
      true,
      false,
      true,
      false,
    ]);

    const pins = (await ctx.history()).slice(-2);
    expect(pins.map(({ type, version, details }) => [type, version, details])).toEqual([
      ["snapshot_pinned", 0, { snapshot: id, reason: "s" }],
      ["snapshot_unpinned", 0, { snapshot: id, reason: "s" }],
    ]);
    expect((await ctx.changes()).length).toBe(0);
  });

  it("refuses to pin what is not listed, and what several are called", async () => {
    const ctx = await open({ retention: { snapshots: 2 } }).context("run");
    const trimmed = await ctx.snapshot("gone");
    await ctx.snapshot("twin");
    await ctx.snapshot("twin");

    expect((await refusalOf(() => ctx.pin(trimmed))).code).toBe("ADDRESS_NOT_FOUND");
    expect((await refusalOf(() => ctx.unpin("none"))).code).toBe("ADDRESS_NOT_FOUND");
    expect((await refusalOf(() => ctx.pin("twin"))).code).toBe("SNAPSHOT_AMBIGUOUS");
    expect((await refusalOf(() => ctx.pin(5 as never))).code).toBe("ADDRESS_INVALID");
    expect((await refusalOf(() => ctx.snapshot("s", { pin: "yes" as never }))).code).toBe("OPTION_INVALID");
  });

  it("leaves pins behind in a fork, with the snapshots", async () => {
    const ctx = await open().context("run");
    await ctx.snapshot("s", { pin: true });

    const twin = await ctx.fork("twin");

    expect(twin.snapshots()).toEqual([]);
    expect((await twin.snapshot("s")).isPinned).toBe(false);
  });

  it("loses nothing with what it lets go", async () => {
    const store = open({ retention: { snapshots: { maxBytes: 1 } } });
    const ctx = await store.context("run", { initial: { n: 1 } });
    const first = await ctx.snapshot("first");
    await ctx.set("n", 2);
    await ctx.snapshot("second");

    expect(reasonsOf(ctx)).toEqual(["second"]);
    expect(await ctx.restore({ version: first.version })).toBe(true);
    expect(ctx.get("n")).toBe(1);
    expect((await store.verify()).isSound).toBe(true);
  });

  it("gives the first outcome again, pinned or not, under an idempotency key", async () => {
    const ctx = await open().context("run", { initial: { n: 1 } });

    const taken = await ctx.snapshot("s", { idempotencyKey: "k", pin: true });
    await ctx.set("n", 12);

    expect(await ctx.snapshot("s", { idempotencyKey: "k", pin: true })).toEqual(taken);
    expect((await refusalOf(() => ctx.snapshot("s", { idempotencyKey: "k" }))).code).toBe(
      "IDEMPOTENCY_MISMATCH",
    );
  });

  it("refuses rules that are none", async () => {
    for (const snapshots of [{ keep: 0 }, { maxAgeMs: -1 }, { maxBytes: 1.5 }, "50", null])
      expect((await refusalOf(() => open({ retention: { snapshots: snapshots as never } }))).code).toBe(
        "OPTION_INVALID",
      );
  });
});
