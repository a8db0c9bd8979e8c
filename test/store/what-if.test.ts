import { subscribe, unsubscribe } from "node:diagnostics_channel";
import fc from "fast-check";
import { z } from "zod";
import { expect, it } from "vitest";
import { openMemoryStore, type ReplayStep } from "../../src/index.js";
import { makeMove, type Move } from "../support/moves.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { refusalOf } from "../support/refusal.js";

const key = fc.constantFrom("a", "b", "c", "goal", "__proto__");
const value = fc.constantFrom<unknown>(0, 1, null, [1], { a: 1 }, new Date(5));
const values = fc.constantFrom({ a: 1, b: 2 }, { c: [3], goal: 4 }, {});
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constantFrom("set", "setEphemeral"), key, value }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom("delete", "protect", "unprotect"), key }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom("update", "replace", "safe"), values }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("clearEphemeral") }) },
);
const moves = fc.array(move, { maxLength: 20, size: "max" });

/** All that a context says of its present. */
function presentOf(ctx: AnyContext): unknown {
  const { id, version, protectedKeys, metadata } = ctx;
  return { id, version, protectedKeys, metadata, keys: ctx.keys().map((name) => [name, ctx.get(name)]) };
}

async function lastStep(ctx: AnyContext, skip: readonly number[]): Promise<ReplayStep> {
  let last: ReplayStep | undefined;
  for await (const step of ctx.replay({ skip })) last = step;
  return last!;
}

eachEngine("a what-if", ({ name, open }) => {
  it("takes every command as the context itself would, and the context is as it was", async () => {
    const store = open({ protect: ["goal"] });
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(moves, moves, async (before, after) => {
        runs += 1;
        const ctx = await store.context(`run-${runs}`, { initial: { b: 1 }, metadata: { z: 1 } });
        for (const one of before) await makeMove(ctx, one);
        const [present, events] = [presentOf(ctx), await ctx.history()];

        const scratch = await ctx.whatIf();
        expect([presentOf(scratch), scratch.sequence]).toEqual([present, ctx.sequence]);
        const tried: unknown[] = [];
        for (const one of after) tried.push([await makeMove(scratch, one), presentOf(scratch)]);

        expect([presentOf(ctx), await ctx.history()]).toEqual([present, events]);
        const real: unknown[] = [];
        for (const one of after) real.push([await makeMove(ctx, one), presentOf(ctx)]);
        expect(tried).toEqual(real);
        expect(scratch.sequence).toBe(ctx.sequence);
      }),
      { numRuns: name === "SQLite" ? 5 : 12 },
    );
  });

  it("begins at any point of the past, whole, and has a history from there on", async () => {
    const ctx = await open().context("run", { initial: { goal: "ship" }, limits: { refuse: { keys: 3 } } });
    await ctx.setEphemeral("progress", 1);
    await ctx.set("budget", 100);
    await ctx.protect("goal");
    await ctx.set("budget", 7);
    await ctx.unprotect("goal");
    expect((await ctx.whatIf({ sequence: 4 })).get("progress")).toBe(1);
    await ctx.clearEphemeral();

    const scratch = await ctx.whatIf({ sequence: 4 });
    const found = [scratch.version, scratch.sequence, scratch.get("budget"), scratch.get("progress")];
    scratch.set("budget", 50);
    scratch.delete("budget");
    scratch.set("plan", ["a"]);

    // What was cleared went with its key.
    expect(found).toEqual([1, 4, 100, undefined]);
    expect(() => scratch.set("goal", "other")).toThrow(/protected/);
    scratch.set("more", 1);
    expect(() => scratch.set("too many", 1)).toThrow(/limit/);
    expect(scratch.history().map(({ sequence, version, type }) => [sequence, version, type])).toEqual([
      [4, 1, "context_created"],
      [5, 2, "value_set"],
      [6, 3, "value_deleted"],
      [7, 4, "value_set"],
      [8, 5, "value_set"],
    ]);
    expect(scratch.at(2).data).toEqual({ goal: "ship", budget: 50 });
    expect(scratch.at("@~4").data).toEqual({ goal: "ship", budget: 100 });
    expect(scratch.diff(1, 3)).toMatchObject([{ kind: "removed", path: ["budget"] }]);
    expect(scratch.restore(2)).toBe(true);
    expect(scratch.persistent).toEqual({ goal: "ship", budget: 50 });
    expect((await refusalOf(() => scratch.at(0))).code).toBe("ADDRESS_NOT_FOUND");
    expect(scratch.restore(0)).toBe(false);
    expect([...scratch.replay()].map(({ event }) => event.sequence)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(scratch.bisect((view) => view.version > 3)).toMatchObject({ version: 4, sequence: 7 });
    expect(scratch.history({ since: new Date(0), key: "budget" })).toHaveLength(4);
    expect(ctx.sequence).toBe(7);
  });

  it("begins with the view of a replay, which may be a state that there never was", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run");
    await ctx.set("budget", 100);
    await ctx.set("price", new Money(5));
    await ctx.set("budget", -1);

    const { view } = await lastStep(ctx, [4]);
    await ctx.set("later", true);
    const scratch = await ctx.whatIf(view);
    scratch.edit("budget", (budget) => Number(budget) + 1);

    expect(scratch.persistent).toEqual({ budget: 101, price: new Money(5) });
    expect([scratch.version, scratch.sequence]).toEqual([4, 5]);
    expect(view.data).toEqual({ budget: 100, price: new Money(5) });
    expect((await ctx.whatIf(await ctx.at(1))).persistent).toEqual({ budget: 100 });
  });

  it("runs phases, takes snapshots and batches, and knows what was finished", async () => {
    const ctx = await open().context("run");
    await ctx.phase("plan", (copy) => (copy.plan = ["a"]), { once: "plan" });
    await ctx.snapshot("before");

    const scratch = await ctx.whatIf();
    const again = await scratch.phase("plan", () => "not run", { once: "plan" });
    const research = await scratch.phase("research", (copy) => (copy.notes = "n"), { once: "research" });
    const snapshot = scratch.snapshot("tried");
    scratch.batch(() => {
      scratch.set("plan", []);
      scratch.set("notes", null);
    });
    scratch.restore(snapshot);

    expect(again).toMatchObject({ outcome: "repeated", result: ["a"] });
    expect(research).toMatchObject({ outcome: "merged", written: ["notes"] });
    expect(scratch.persistent).toEqual({ plan: ["a"], notes: "n" });
    expect(scratch.snapshots().map(({ reason }) => reason)).toEqual([
      "before_research_phase",
      "after_research_phase",
      "tried",
    ]);
    expect((await ctx.phases()).map((phase) => phase.name)).toEqual(["plan"]);
  });

  it("may be tried further, in a what-if of its own", async () => {
    const ctx = await open().context("run", { initial: { n: 1 } });
    const scratch = await ctx.whatIf();
    scratch.set("n", 2);
    scratch.set("n", 3);

    const [further, fork] = [scratch.whatIf(1), scratch.fork("twin", { at: 1 })];
    further.set("n", 9);
    fork.set("n", 8);

    expect([scratch.get("n"), further.get("n"), fork.get("n"), ctx.get("n")]).toEqual([3, 9, 8, 1]);
    expect([fork.at(1).get("n"), further.at(1).get("n"), further.version]).toEqual([2, 2, 2]);
  });

  it("checks values by the schema of its context, and says who tried", async () => {
    const store = open({ actor: "tester" });
    const ctx = await store.context("run", { schema: z.object({ budget: z.number() }).shape });
    const scratch = await ctx.as({ actor: "planner" }).whatIf();
    scratch.set("budget", 1);

    expect((await refusalOf(() => scratch.set("budget", "much" as never))).code).toBe("VALUE_REJECTED");
    expect(scratch.history().at(-1)).toMatchObject({ actor: "planner" });
  });

  it("tells nobody, neither of commits nor of warnings", async () => {
    const store = open({ limits: { warn: { keys: 1 } } });
    const told: unknown[] = [];
    store.onWarning((warning) => told.push(warning));
    const hear = (message: unknown) => told.push(message);
    const ctx = await store.context("run");
    subscribe("durable-context:commit", hear);

    const scratch = await ctx.whatIf();
    scratch.update({ a: 1, b: 2, c: 3 });
    unsubscribe("durable-context:commit", hear);

    expect(told).toEqual([]);
  });

  it("outlives the store that it came from, and sees a batch as it stands", async () => {
    const store = open();
    const ctx = await store.context("run");
    const scratch = await ctx.whatIf();

    await store.close();
    scratch.set("a", 1);

    expect(scratch.get("a")).toBe(1);
  });

  it("refuses points that are not there, and views of other contexts", async () => {
    const store = open();
    const [ctx, other] = [await store.context("run"), await store.context("other")];

    const refusals = [
      await refusalOf(async () => ctx.whatIf(9)),
      await refusalOf(async () => ctx.whatIf("yesterday")),
      await refusalOf(async () => ctx.whatIf(await other.at(0))),
    ];

    expect(refusals.map(({ code }) => code)).toEqual([
      "ADDRESS_NOT_FOUND",
      "ADDRESS_INVALID",
      "OPTION_INVALID",
    ]);
  });
});

it("a what-if inside a batch begins with what the batch has done so far", () => {
  const ctx = openMemoryStore().context("run");

  const tried = ctx.batch(() => {
    ctx.set("a", 1);
    const scratch = ctx.whatIf();
    scratch.set("b", 2);
    return scratch.persistent;
  });

  expect(tried).toEqual({ a: 1, b: 2 });
  expect(ctx.persistent).toEqual({ a: 1 });
});

it("a what-if does without values that were erased", () => {
  const ctx = openMemoryStore().context("run");
  ctx.set("secret", "s");
  ctx.set("a", 1);
  ctx.redact("secret", "leaked");

  const scratch = ctx.whatIf(2);

  expect(scratch.persistent).toEqual({ a: 1 });
});
