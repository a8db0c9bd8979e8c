import { expect, it } from "vitest";
import type { StrategyName } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("a phase", ({ open }) => {
  it("works on a mutable deep copy, and what it changed comes back with its result", async () => {
    const ctx = await open().context("run", { initial: { plan: { steps: [1] }, goal: "g" } });

    const outcome = await ctx.phase(
      "research",
      async (copy) => {
        (copy.plan as { steps: number[] }).steps.push(2);
        copy.notes = ["found"];
        expect(ctx.persistent).toEqual({ plan: { steps: [1] }, goal: "g" });
        return { pages: 3 };
      },
      { merge: "update" },
    );

    expect(outcome).toEqual({
      phase: outcome.phase,
      result: { pages: 3 },
      written: ["plan", "notes"],
      skipped: [],
      version: 1,
      outcome: "merged",
    });
    expect(ctx.persistent).toEqual({ plan: { steps: [1, 2] }, goal: "g", notes: ["found"] });
  });

  it("works on what looks like plain data, and may be handed in or returned as a whole", async () => {
    const values = { plan: { steps: [1] }, at: new Date(0), goal: "g" };
    const store = open();
    const ctx = await store.context("run", { initial: values });

    const { result } = await ctx.phase("p", async (copy) => {
      expect(structuredClone(copy)).toEqual(values);
      copy.whole = { ...copy };
      await ctx.set("given", copy);
      return { copy };
    });
    const copy = await ctx.phaseContext();
    delete copy.given;
    const twin = await store.context("twin", { initial: copy });
    await twin.merge(copy, "prefixed", { prefix: "p_" });

    const whole = { ...values, whole: values };
    expect(result).toEqual({ copy: whole });
    expect(ctx.get("given")).toEqual(whole);
    expect(twin.get("whole")).toEqual(values);
    expect(twin.get("p_plan")).toEqual(values.plan);
  });

  it("takes a snapshot before and one after, the latter of what it made", async () => {
    const ctx = await open().context("run");

    await ctx.phase("research", (copy) => {
      copy.a = 1;
    });

    const [before, after] = ctx.snapshots();
    expect([before!.reason, after!.reason]).toEqual(["before_research_phase", "after_research_phase"]);
    expect((await ctx.at(before!)).data).toEqual({});
    expect((await ctx.at(after!)).data).toEqual({ a: 1 });
    expect(ctx.snapshots().length).toBe(2);
  });

  it("only adds keys unless told otherwise, and tells what it left alone, in the event too", async () => {
    const ctx = await open().context("run", { initial: { a: 1, goal: "g" }, protect: ["goal"] });

    const { written, skipped } = await ctx.phase("p", (copy) => {
      copy.a = 2;
      copy.b = 2;
      copy.goal = "other";
    });

    expect(written).toEqual(["b"]);
    expect(skipped).toEqual([
      { key: "a", why: "exists" },
      { key: "goal", why: "protected" },
    ]);
    expect(ctx.persistent).toEqual({ a: 1, goal: "g", b: 2 });
    const [finished] = await ctx.history({ type: "phase_finished" });
    expect(finished!.details).toMatchObject({ name: "p", strategy: "safe", keysMerged: 1, skipped });
    expect((await ctx.changes()).at(-1)).toMatchObject({ operation: "merge", details: { strategy: "safe" } });
  });

  it("merges only what the work changed, so what others did meanwhile stays", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1 } });

    await ctx.phase(
      "p",
      async (copy) => {
        copy.a = 2;
        await ctx.set("b", 9);
      },
      { merge: "update" },
    );

    expect(ctx.persistent).toEqual({ a: 2, b: 9 });
  });

  it("does not tell of keys that only others changed as skipped", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    const { written, skipped } = await ctx.phase("p", async (copy) => {
      copy.b = 1;
      await ctx.set("a", 2);
    });

    expect([written, skipped]).toEqual([["b"], []]);
  });

  it("takes the whole copy when it replaces", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1, gone: 1 } });

    await ctx.phase(
      "p",
      async (copy) => {
        copy.a = 2;
        delete copy.gone;
        await ctx.update({ b: 9, late: 9 });
      },
      { merge: "replace" },
    );

    expect(ctx.persistent).toEqual({ a: 2, b: 1 });
  });

  it.each<[StrategyName, object]>([
    ["safe", { a: 1, gone: 1 }],
    ["update", { a: 1, gone: 1 }],
    ["prefixed", { a: 1, gone: 1 }],
    ["replace", { a: 1 }],
    ["threeWay", { a: 1 }],
  ])("merged by %s treats a deletion as that strategy does", async (merge, expected) => {
    const ctx = await open().context("run", { initial: { a: 1, gone: 1 } });

    await ctx.phase(
      "p",
      (copy) => {
        delete copy.gone;
      },
      { merge, prefix: "x_" },
    );

    expect(ctx.persistent).toEqual(expected);
  });

  it("may write under a prefix", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    const { written } = await ctx.phase("p", (copy) => void (copy.b = 2), {
      merge: "prefixed",
      prefix: "p_",
    });

    expect([written, ctx.persistent]).toEqual([["p_b"], { a: 1, p_b: 2 }]);
  });

  it("refuses a wrong merge before the work begins", async () => {
    const ctx = await open().context("run");
    const works: string[] = [];
    const run = (options: object) => refusalOf(() => ctx.phase("p", () => works.push("ran"), options));

    expect((await run({ merge: "no-such" })).code).toBe("UNKNOWN_STRATEGY");
    expect((await run({ merge: "prefixed" })).code).toBe("PREFIX_REQUIRED");
    expect([works, ctx.sequence]).toEqual([[], 1]);
  });

  it("sees ephemeral keys, which do not become persistent by coming back", async () => {
    const ctx = await open().context("run", { initial: { both: "persistent" } });
    await ctx.setEphemeral("progress", 50);
    await ctx.setEphemeral("both", "ephemeral");

    await ctx.phase(
      "p",
      (copy) => {
        expect(copy).toEqual({ both: "persistent", progress: 50 });
        copy.progress = 60;
        copy.both = "changed";
      },
      { merge: "replace" },
    );

    expect(ctx.persistent).toEqual({ both: "changed" });
    expect(ctx.ephemeral).toEqual({ progress: 50, both: "ephemeral" });
  });

  it("is listed while it runs, and its events carry its id", async () => {
    const ctx = await open().context("run");

    const { phase } = await ctx.phase("p", async (_, running) => {
      expect(await ctx.phases({ status: "running" })).toMatchObject([{ id: running.id, name: "p" }]);
    });

    const events = await ctx.history();
    const [first, ...others] = events.map((event) => event.phase);
    expect([first, new Set(others)]).toEqual([null, new Set([phase])]);
    expect(await ctx.phases({ status: "finished" })).toMatchObject([{ id: phase, name: "p" }]);
    expect(await ctx.phases({ status: "running" })).toEqual([]);
  });

  it("may hold another phase", async () => {
    const ctx = await open().context("run");

    await ctx.phase("outer", async (copy) => {
      const inner = await ctx.phase("inner", async (own, { id }) => {
        own.inner = 1;
        await ctx.setEphemeral("progress", 1);
        expect((await ctx.history()).at(-1)!.phase).toBe(id);
        return "deep";
      });
      copy.outer = inner.result;
    });
    await ctx.clearEphemeral();

    expect((await ctx.history()).at(-1)!.phase).toBeNull();

    expect(ctx.persistent).toEqual({ inner: 1, outer: "deep" });
    expect(ctx.snapshots().map(({ reason }) => reason)).toEqual([
      "before_outer_phase",
      "before_inner_phase",
      "after_inner_phase",
      "after_outer_phase",
    ]);
  });

  it("may run side by side with others, each on a copy of its own", async () => {
    const ctx = await open().context("run", { initial: { n: 0 } });
    const run = (name: string) =>
      ctx.phase(name, async (copy) => {
        copy.n = name;
        await Promise.resolve();
        copy[name] = copy.n;
      });

    await Promise.all(["a", "b", "c"].map(run));

    expect(ctx.persistent).toEqual({ n: 0, a: "a", b: "b", c: "c" });
    expect((await ctx.phases({ status: "finished" })).map(({ name }) => name).sort()).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("cannot begin inside a batch", async () => {
    const ctx = await open().context("run");
    const begun: Promise<unknown>[] = [];

    await ctx.batch(() => {
      begun.push(refusalOf(() => ctx.phase("p", () => 1)));
    });

    expect(await begun[0]).toMatchObject({ code: "BATCH_UNSUPPORTED" });
  });
});
