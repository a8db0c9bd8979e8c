import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("snapshots and views", ({ open, reopen }) => {
  it("hold persistent data only", async () => {
    const ctx = await open().context("run", { initial: { a: 1, both: "persistent" } });
    await ctx.setEphemeral("progress", 50);
    await ctx.setEphemeral("both", "ephemeral");

    const view = await ctx.at(await ctx.snapshot("s"));

    expect(view.data).toEqual({ a: 1, both: "persistent" });
    expect([view.has("progress"), view.get("progress", "none"), view.keys()]).toEqual([
      false,
      "none",
      ["a", "both"],
    ]);
  });

  it("let persistent win over ephemeral of the same name, everywhere", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("a", "ephemeral");
    await ctx.set("a", "persistent");

    expect(ctx.get("a")).toBe("persistent");
    expect(ctx.data.a).toBe("persistent");
    expect(ctx.clone()).toEqual({ a: "persistent" });
    expect(ctx.clone("a")).toBe("persistent");
    expect(ctx.keys()).toEqual(["a"]);
    expect(await ctx.phaseContext()).toEqual({ a: "persistent" });
    await ctx.phase("p", (copy) => {
      expect(copy).toEqual({ a: "persistent" });
    });
    expect((await ctx.at("@latest")).data).toEqual({ a: "persistent" });
  });

  it("take a snapshot as an event without a version, which the change log leaves out", async () => {
    const ctx = await open({ now: () => 5_000 }).context("run");
    await ctx.set("a", 1);

    const snapshot = await ctx.snapshot("before", { metadata: { round: 3 } });

    expect(snapshot).toEqual({
      id: snapshot.id,
      reason: "before",
      metadata: { round: 3 },
      version: 1,
      sequence: 3,
      takenAt: 5_000,
      isPinned: false,
      bytes: 1,
    });
    expect(ctx.snapshots()).toEqual([snapshot]);
    expect(ctx.version).toBe(1);
    expect((await ctx.changes()).map(({ operation }) => operation)).toEqual(["set"]);
    expect((await ctx.snapshot()).reason).toBe("");
  });

  it("tell two snapshots of one version apart", async () => {
    const ctx = await open().context("run");
    const [first, second] = [await ctx.snapshot("x"), await ctx.snapshot("x")];

    expect(first.id).not.toBe(second.id);
    expect(ctx.snapshots().map(({ id }) => id)).toEqual([first.id, second.id]);
    const refusal = await refusalOf(() => ctx.at("@snapshot:x"));
    expect(refusal).toMatchObject({ code: "SNAPSHOT_AMBIGUOUS", details: { ids: [first.id, second.id] } });
    expect((await ctx.at(`@snapshot:${second.id}`)).sequence).toBe(second.sequence);
  });

  it("keep the newest 50 snapshots unless told otherwise; a trimmed one loses its name only", async () => {
    const store = open();
    const ctx = await store.context("run");
    for (let n = 1; n <= 52; n += 1) {
      await ctx.set("n", n);
      await ctx.snapshot(`s${n}`);
    }

    expect(ctx.snapshots().map(({ reason }) => reason)).toEqual(
      Array.from({ length: 50 }, (_, n) => `s${n + 3}`),
    );
    expect((await refusalOf(() => ctx.at("@snapshot:s2"))).code).toBe("ADDRESS_NOT_FOUND");
    expect(await ctx.restore({ version: 2 })).toBe(true);
    expect(ctx.get("n")).toBe(2);
    expect((await (await reopen(store)).context("run")).snapshots().length).toBe(50);
  });

  it("show the state from the event that made a version until the next one", async () => {
    const ctx = await open().context("run", { initial: { goal: "g" } });
    await ctx.set("a", 1);
    await ctx.setEphemeral("progress", 1);
    await ctx.snapshot("s");
    await ctx.set("a", 2);

    expect((await ctx.at(0)).data).toEqual({ goal: "g" });
    expect(await ctx.at("@1")).toMatchObject({ version: 1, sequence: 4, context: "run" });
    expect((await ctx.at(1)).data).toEqual({ goal: "g", a: 1 });
    expect((await ctx.at("#2")).version).toBe(1);
    expect((await ctx.at("@~1")).data).toEqual({ goal: "g", a: 1 });
    expect((await ctx.at("@~2")).version).toBe(0);
    expect((await ctx.at("@latest")).data).toEqual({ goal: "g", a: 2 });
  });

  it("show the state at an instant: after the last event at or before it", async () => {
    let now = 1_000;
    const ctx = await open({ now: () => now }).context("run");
    for (now of [2_000, 3_000]) await ctx.set("n", now);

    expect((await ctx.at(new Date(2_999))).data).toEqual({ n: 2_000 });
    expect((await ctx.at({ time: 3_000 })).data).toEqual({ n: 3_000 });
    expect((await ctx.at("@1970-01-01T01:00:02+01:00")).data).toEqual({ n: 2_000 });
    expect((await ctx.at({ time: 9_000 })).at).toBe(3_000);
    expect((await refusalOf(() => ctx.at({ time: 999 }))).code).toBe("ADDRESS_NOT_FOUND");
  });

  it("keep recorded time from running backwards", async () => {
    let now = 2_000;
    const ctx = await open({ now: () => now }).context("run");
    now = 1_000;
    await ctx.set("a", 1);

    expect((await ctx.history()).map(({ at }) => at)).toEqual([2_000, 2_000]);
  });

  it("do not move with the context", async () => {
    const ctx = await open().context("run", { initial: { list: [1] } });
    const view = await ctx.at("@latest");
    await ctx.set("list", [2]);
    await ctx.delete("list");

    expect(view.data).toEqual({ list: [1] });
    expect(Object.isFrozen(view.data)).toBe(true);
    expect(view.entries()).toEqual([["list", [1]]]);
  });

  it("show keys in order of their creation, a key created anew at the end", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1, c: 1 } });
    await ctx.delete("a");
    await ctx.set("b", 2);
    await ctx.set("a", 2);

    expect(ctx.keys()).toEqual(["b", "c", "a"]);
    expect((await ctx.at(3)).keys()).toEqual(["b", "c", "a"]);
    expect((await ctx.at(0)).keys()).toEqual(["a", "b", "c"]);
  });

  it("refuse what is not there, and say so of what is no address", async () => {
    const ctx = await open().context("run");

    for (const address of [1, "@1", "#2", "#0", "@~1", "@snapshot:none", "@2999"]) {
      expect((await refusalOf(() => ctx.at(address))).code).toBe("ADDRESS_NOT_FOUND");
    }
    for (const address of [
      -1,
      0.5,
      Number.NaN,
      "1",
      "@",
      "@x",
      "@~",
      "#",
      "@2026-02-30",
      new Date(Number.NaN),
      { time: -1e300 },
    ]) {
      expect((await refusalOf(() => ctx.at(address))).code).toBe("ADDRESS_INVALID");
    }
  });

  it("refuse a snapshot's reason that is no text, and metadata that cannot be kept", async () => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.snapshot(5 as unknown as string))).code).toBe("OPTION_INVALID");
    const refusal = await refusalOf(() => ctx.snapshot("s", { metadata: { f: () => 1 } }));
    expect(refusal.code).toBe("VALUE_UNSUPPORTED");
    expect([ctx.snapshots(), ctx.sequence]).toEqual([[], 1]);
  });

  it("give a phase context as a mutable copy of both scopes, after a snapshot called phase_start", async () => {
    const ctx = await open().context("run", { initial: { a: { list: [1] } } });
    await ctx.setEphemeral("progress", 50);

    const copy = (await ctx.phaseContext()) as { a: { list: number[] }; progress: number };
    copy.a.list.push(2);
    copy.progress = 60;

    expect(ctx.clone()).toEqual({ a: { list: [1] }, progress: 50 });
    expect(ctx.snapshots().map(({ reason }) => reason)).toEqual(["phase_start"]);
    expect(ctx.version).toBe(0);
  });
});
