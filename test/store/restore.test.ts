import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("restore", ({ open, reopen }) => {
  it("is one more change, whose effects are the difference", async () => {
    const ctx = await open().context("run", { initial: { kept: 1, changed: 1, deleted: 1 } });
    const before = await ctx.snapshot("before");
    await ctx.update({ changed: 2, added: 1 });
    await ctx.delete("deleted");

    expect(await ctx.restore(before)).toBe(true);

    expect(ctx.clone()).toEqual({ kept: 1, changed: 1, deleted: 1 });
    expect(ctx.version).toBe(3);
    const event = (await ctx.history()).at(-1)!;
    expect(event.effects.map(({ op, key }) => [op, key]).sort()).toEqual([
      ["delete", "added"],
      ["set", "changed"],
      ["set", "deleted"],
    ]);
    expect((await ctx.changes()).at(-1)).toMatchObject({
      operation: "restore",
      version: 3,
      details: { version: 0, reason: "before", snapshot: before.id },
    });
  });

  it("keeps later snapshots, ephemeral data and the set of protected names", async () => {
    const ctx = await open().context("run");
    const first = await ctx.snapshot("first");
    await ctx.set("a", 1);
    const second = await ctx.snapshot("second");
    await ctx.setEphemeral("progress", 50);
    await ctx.protect("later");
    await ctx.unprotect("run_id");

    await ctx.restore(first);

    expect(ctx.snapshots().map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(ctx.ephemeral).toEqual({ progress: 50 });
    expect(ctx.protectedKeys).toEqual(["initial_task", "later", "session_id", "workflow_id"]);
    await ctx.restore(second);
    expect(ctx.persistent).toEqual({ a: 1 });
  });

  it("takes a snapshot, its id, its reason, a version, a time, text, or nothing for the newest snapshot", async () => {
    let now = 1_000;
    const ctx = await open({ now: () => now }).context("run");
    await ctx.set("n", 1);
    const snapshot = await ctx.snapshot("one");
    now = 2_000;
    await ctx.set("n", 2);

    for (const address of [
      snapshot,
      { snapshot },
      { snapshot: snapshot.id },
      { snapshot: "one" },
      { version: 1 },
      1,
      { sequence: snapshot.sequence },
      new Date(1_500),
      { time: 1_500 },
      "@1",
      `#${snapshot.sequence}`,
      "@snapshot:one",
      "@1970-01-01T00:00:01.500Z",
      undefined,
    ]) {
      expect(await ctx.restore(address)).toBe(true);
      expect(ctx.get("n")).toBe(1);
      await ctx.set("n", 2);
    }
    expect(await ctx.restore("@~0")).toBe(true);
    expect(ctx.get("n")).toBe(2);
  });

  it("tells where what it names does not exist, and does nothing then", async () => {
    const ctx = await open({ retention: { snapshots: 1 } }).context("run");
    expect(await ctx.restore()).toBe(false);
    const trimmed = await ctx.snapshot("first");
    await ctx.set("a", 1);
    await ctx.snapshot("second");
    const { sequence } = ctx;

    expect(await ctx.restore({ version: 99 })).toBe(false);
    expect(await ctx.restore(trimmed)).toBe(false);
    expect(await ctx.restore({ snapshot: "none" })).toBe(false);
    expect(await ctx.restore("@~9")).toBe(false);
    expect(await ctx.restore({ sequence: 99 })).toBe(false);
    expect(await ctx.restore(new Date(0))).toBe(false);

    expect(ctx.sequence).toBe(sequence);
    expect(await ctx.restore({ version: trimmed.version })).toBe(true);
    expect(ctx.persistent).toEqual({});
  });

  it("refuses what is no address, and a reason that several snapshots have", async () => {
    const ctx = await open().context("run");
    await ctx.snapshot("same");
    await ctx.snapshot("same");

    expect((await refusalOf(() => ctx.restore("17"))).code).toBe("ADDRESS_INVALID");
    expect((await refusalOf(() => ctx.restore(1.5))).code).toBe("ADDRESS_INVALID");
    expect((await refusalOf(() => ctx.restore({ snapshot: "same" }))).code).toBe("SNAPSHOT_AMBIGUOUS");
  });

  it("leaves a key that was protected after the target at its present value", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    const before = await ctx.snapshot("before");
    await ctx.set("a", 2, { protect: true });
    await ctx.set("new", 1, { protect: true });

    await ctx.restore(before);

    expect(ctx.persistent).toEqual({ a: 2, new: 1 });
  });

  it("gives a protected key without a value the target's", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    await ctx.delete("a");
    await ctx.protect("a");

    await ctx.restore({ version: 0 });

    expect(ctx.persistent).toEqual({ a: 1 });
  });

  it("goes to what the target had, whatever ephemeral value has the name", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("a", "scratch");
    const before = await ctx.snapshot("before");
    await ctx.set("a", 1);

    await ctx.restore(before);

    expect(ctx.persistent).toEqual({});
    expect(ctx.get("a")).toBe("scratch");
  });

  it("can itself be undone", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 } });
    await ctx.set("a", 2);
    await ctx.restore({ version: 0 });

    await ctx.restore({ version: 1 });

    expect([ctx.get("a"), ctx.version]).toEqual([2, 3]);
    const again = await (await reopen(store)).context("run");
    expect([again.get("a"), again.version]).toEqual([2, 3]);
    expect((await again.at(2)).data).toEqual({ a: 1 });
  });
});
