import fc from "fast-check";
import { expect, it } from "vitest";
import { isContextError, type ReplayQuery, type ReplayStep } from "../../src/index.js";
import { makeMove, type Move } from "../support/moves.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";

const key = fc.constantFrom("a", "b", "c", "goal", "__proto__", "7");
const value = fc.constantFrom<unknown>(0, 1, null, "é😀", [1], { a: 1 }, new Date(5));
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ verb: fc.constantFrom("set", "setEphemeral"), key, value }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom("delete", "protect", "unprotect"), key }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom("snapshot", "clearEphemeral") }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("restore"), back: fc.nat({ max: 9 }) }) },
);

async function stepsOf(ctx: AnyContext, query: ReplayQuery = {}): Promise<ReplayStep[]> {
  const steps: ReplayStep[] = [];
  for await (const step of ctx.replay(query)) steps.push(step);
  return steps;
}

async function numbersOf(ctx: AnyContext, query: ReplayQuery): Promise<number[]> {
  return (await stepsOf(ctx, query)).map(({ event }) => event.sequence);
}

/** Scratch data as it is after each step, told by nothing but the changes of the steps. */
function ephemeralOf(steps: readonly ReplayStep[]): Record<string, unknown> {
  const keys = new Map<string, unknown>();
  for (const change of steps.flatMap(({ changed }) => changed)) {
    if (change.scope !== "ephemeral") continue;
    if ("after" in change) keys.set(change.key, change.after);
    else keys.delete(change.key);
  }
  return Object.fromEntries(keys);
}

/** A story of nine events: the first creates the context, and each later one is told by its number. */
async function storyOf(ctx: AnyContext): Promise<void> {
  await ctx.set("budget", 100);
  await ctx.set("plan", { steps: ["read"] }, { actor: "planner" });
  await ctx.setEphemeral("progress", 50);
  await ctx.set("budget", 40);
  await ctx.edit("plan", (plan) => ({ ...(plan as object), done: true }), { actor: "planner" });
  await ctx.snapshot("before spending");
  await ctx.set("budget", -5);
  await ctx.delete("plan");
}

eachEngine("a replay", ({ name, open }) => {
  it("shows after each event the state that the context had then", async () => {
    const store = open({ protect: ["goal"] });
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 40, size: "max" }), async (moves) => {
        runs += 1;
        const ctx = await store.context(`run-${runs}`, { initial: { b: 1 } });
        for (const one of moves) await makeMove(ctx, one);

        const steps = await stepsOf(ctx);

        expect(steps.map(({ event }) => event)).toEqual(await ctx.history());
        for (const { event, view } of steps) {
          const then = await ctx.at({ sequence: event.sequence });
          expect([view.context, view.version, view.sequence, view.at, view.event]).toEqual([
            ...[then.context, then.version, then.sequence, then.at, then.event],
          ]);
          expect(view.entries()).toEqual(then.entries());
        }
        expect(ephemeralOf(steps)).toEqual(ctx.ephemeral);
      }),
      { numRuns: name === "SQLite" ? 5 : 15 },
    );
  });

  it("goes from one state to another, and tells what each event changed", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    const steps = await stepsOf(ctx, { from: { sequence: 3 }, to: "@snapshot:before spending" });

    expect(steps.map(({ event, changed }) => [event.sequence, changed])).toEqual([
      [4, [{ key: "progress", scope: "ephemeral", after: 50 }]],
      [5, [{ key: "budget", scope: "persistent", before: 100, after: 40 }]],
      [
        6,
        [
          {
            key: "plan",
            scope: "persistent",
            before: { steps: ["read"] },
            after: { steps: ["read"], done: true },
          },
        ],
      ],
      [7, []],
    ]);
    expect(steps[0]!.view.data).toEqual({ budget: 100, plan: { steps: ["read"] } });
    expect(steps.at(-1)!.view.data).toEqual({ budget: 40, plan: { steps: ["read"], done: true } });
  });

  it("shows the event that made the version, also where it came before the replay began", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    const [scratch, spending] = await stepsOf(ctx, { from: { sequence: 3 }, to: { sequence: 5 } });

    expect(scratch!.view.event).toMatchObject({ sequence: 3, actor: "planner" });
    expect(spending!.view.event).toMatchObject({ sequence: 5, version: 3 });
  });

  it("gives no step where the range is empty", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    expect(await stepsOf(ctx, { from: "@latest" })).toEqual([]);
    expect(await stepsOf(ctx, { from: 3, to: 1 })).toEqual([]);
  });

  it("skips events, by number or by condition, and applies later ones to what is left", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    const byNumber = await stepsOf(ctx, { skip: [3, 8] });
    const byCondition = await stepsOf(ctx, { skip: ({ actor }) => actor === "planner" });

    expect(byNumber.filter(({ skipped }) => skipped).map(({ event }) => event.sequence)).toEqual([3, 8]);
    expect(byNumber.map(({ changed }) => changed.length)).toEqual([0, 1, 0, 1, 1, 1, 0, 0, 1]);
    expect(byNumber[2]!.view.data).toEqual({ budget: 100 });
    expect(byNumber[5]!.view.data).toEqual({ budget: 40, plan: { steps: ["read"], done: true } });
    expect(byNumber.at(-1)!.view.data).toEqual({ budget: 40 });
    expect(byCondition.map(({ skipped }) => skipped).indexOf(true)).toBe(2);
    expect(byCondition.at(-1)!.changed).toEqual([]);
    expect(byCondition.at(-1)!.view.data).toEqual({ budget: -5 });
    expect(ctx.get("budget")).toBe(-5);
  });

  it("that skips nothing is the replay itself", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    const [plain, skipping] = [await stepsOf(ctx), await stepsOf(ctx, { skip: [] })];

    const told = (steps: readonly ReplayStep[]) =>
      steps.map(({ event, view, changed, skipped }) => [event, view.data, changed, skipped]);
    expect(told(skipping)).toEqual(told(plain));
  });

  it("stops at the first event that all of a breakpoint fits, and can go on from there", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    expect(await numbersOf(ctx, { until: { key: "plan" } })).toEqual([1, 2, 3]);
    expect(await numbersOf(ctx, { from: { sequence: 3 }, until: { key: ["plan", "x"] } })).toEqual([4, 5, 6]);
    expect(await numbersOf(ctx, { until: { type: ["snapshot_taken", "ephemeral_set"] } })).toEqual([
      1, 2, 3, 4,
    ]);
    expect(await numbersOf(ctx, { until: { actor: "planner", type: "value_edited" } })).toHaveLength(6);
    expect(await numbersOf(ctx, { until: { actor: "nobody" } })).toHaveLength(9);
    const broke = { where: ({ view }: ReplayStep) => Number(view.get("budget")) < 0 };
    expect(await numbersOf(ctx, { until: broke })).toHaveLength(8);
    expect(await numbersOf(ctx, { until: broke, skip: [8] })).toHaveLength(9);
  });

  it("keeps what a reader keeps, and freezes what it hands out", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run");
    for (let n = 1; n <= 1_200; n += 1) await ctx.set(`key ${n % 3}`, { n, price: new Money(n) });

    let kept: ReplayStep | undefined;
    let last: ReplayStep | undefined;
    for await (const step of ctx.replay()) {
      if (step.event.sequence === 11) kept = step;
      last = step;
    }

    expect(kept!.view.keys()).toEqual(["key 1", "key 2", "key 0"]);
    expect(kept!.view.get("key 1")).toEqual({ n: 10, price: new Money(10) });
    expect(kept!.changed).toMatchObject([{ key: "key 1", before: { n: 7 }, after: { n: 10 } }]);
    expect(last!.view.get("key 0")).toMatchObject({ n: 1_200 });
    expect([kept!.changed, kept!.event, kept!.event.effects, kept!.view.data].every(Object.isFrozen)).toBe(
      true,
    );
    expect(kept!.view).toBe(kept!.view);
  });

  it("can be walked through again, and reads what was written since", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1);
    const replay = ctx.replay();
    const count = async () => {
      let steps = 0;
      for await (const step of replay) steps = step.event.sequence;
      return steps;
    };

    expect(await count()).toBe(2);
    await ctx.set("a", 2);
    expect(await count()).toBe(3);
  });

  it("ends with what was newest when it began, although its reader writes", async () => {
    const ctx = await open().context("run");
    await storyOf(ctx);

    let steps = 0;
    for await (const step of ctx.replay()) {
      steps += 1;
      await ctx.set("copied", step.event.sequence);
    }

    expect(steps).toBe(9);
  });

  it("refuses what it cannot make sense of", async () => {
    const ctx = await open().context("run");
    const refusals: readonly [ReplayQuery, string][] = [
      [{ from: 99 }, "ADDRESS_NOT_FOUND"],
      [{ to: "@snapshot:none" }, "ADDRESS_NOT_FOUND"],
      [{ from: "yesterday" }, "ADDRESS_INVALID"],
      [{ skip: "17" as never }, "OPTION_INVALID"],
      [{ skip: [1.5] }, "OPTION_INVALID"],
      [{ skip: (async () => true) as never }, "OPTION_INVALID"],
      [{ until: { key: 7 as never } }, "OPTION_INVALID"],
      [{ until: { where: (async () => false) as never } }, "OPTION_INVALID"],
      [{ until: "budget" as never }, "OPTION_INVALID"],
    ];

    for (const [query, code] of refusals) {
      const refused = await stepsOf(ctx, query).catch((error: unknown) => error);
      expect([query, isContextError(refused) && refused.code]).toEqual([query, code]);
    }
  });
});
