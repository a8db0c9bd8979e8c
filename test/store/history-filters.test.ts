import fc from "fast-check";
import { expect, it } from "vitest";
import { type ContextEvent, encodeValue, type HistoryQuery, type ValuePath } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

const start = Date.parse("2026-11-23T10:00:00Z");

/** A clock that goes on by a second at each look. */
function ticking(): () => number {
  let now = start;
  return () => (now += 1000);
}

async function sequences(ctx: AnyContext, query: HistoryQuery): Promise<number[]> {
  return (await ctx.history(query)).map(({ sequence }) => sequence);
}

/** What is at a path, as text; empty where nothing is. */
function textAt(data: object, path: ValuePath): string {
  let part: unknown = data;
  for (const step of path) {
    if (typeof part !== "object" || part === null) return "";
    part = (part as Record<string | number, unknown>)[step];
  }
  return part === undefined ? "" : encodeValue(part);
}

eachEngine("a history", ({ open }) => {
  it("is filtered by type, actor and cause, all of which must fit", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1, { actor: "ada", cause: "x" });
    await ctx.set("a", 2, { actor: "bob", cause: "x" });
    await ctx.delete("a", { actor: "ada", cause: "y" });
    await ctx.setEphemeral("a", 1, { actor: "ada" });

    expect(await sequences(ctx, { type: "value_set" })).toEqual([2, 3]);
    expect(await sequences(ctx, { type: ["value_deleted", "ephemeral_set"] })).toEqual([4, 5]);
    expect(await sequences(ctx, { type: [] })).toEqual([]);
    expect(await sequences(ctx, { actor: "ada" })).toEqual([2, 4, 5]);
    expect(await sequences(ctx, { cause: "x", actor: "ada" })).toEqual([2]);
    expect(await sequences(ctx, { key: "a", actor: "ada", type: "value_set" })).toEqual([2]);
  });

  it("is filtered by phase: all runs by the name, one by its id", async () => {
    const ctx = await open().context("run");
    const work = (copy: Record<string, unknown>) => {
      copy.n = Number(copy.n ?? 0) + 1;
    };
    await ctx.phase("research", work, { merge: "update" });
    await ctx.phase("write", work, { merge: "update" });
    await ctx.phase("research", work, { merge: "update" });
    const finished = await ctx.history({ phase: "research", type: "phase_finished" });

    const [first, second] = finished;

    expect(finished).toHaveLength(2);
    expect(await sequences(ctx, { phase: first!.phase!, type: "phase_finished" })).toEqual([first!.sequence]);
    expect(first!.phase).not.toBe(second!.phase);
    expect(await sequences(ctx, { phase: "no such phase" })).toEqual([]);
  });

  it("begins behind one point and ends with another", async () => {
    const ctx = await open({ now: ticking() }).context("run");
    for (const n of [1, 2, 3, 4]) {
      await ctx.set("n", n);
      await ctx.setEphemeral("progress", n);
    }

    expect(await sequences(ctx, { since: 1, until: 3 })).toEqual([4, 5, 6, 7]);
    expect(await sequences(ctx, { since: 1, until: 3, order: "newest", limit: 3 })).toEqual([7, 6, 5]);
    expect(await sequences(ctx, { since: "#7" })).toEqual([8, 9]);
    expect(await sequences(ctx, { until: "#2", order: "newest" })).toEqual([2, 1]);
    expect(await sequences(ctx, { since: new Date(0), until: new Date(start - 1) })).toEqual([]);
    expect((await ctx.history({ since: new Date(0) })).length).toBe(9);
    expect(await sequences(ctx, { since: 2, after: 3, limit: 1 })).toEqual([6]);
    expect(await sequences(ctx, { key: "n", since: 1, until: 3 })).toEqual([4, 6]);
    expect((await refusalOf(() => ctx.history({ since: 17 }))).code).toBe("ADDRESS_NOT_FOUND");
    expect((await refusalOf(() => ctx.history({ until: "@snapshot:none" }))).code).toBe("ADDRESS_NOT_FOUND");
  });

  it("is filtered by a condition, which is asked no more often than it takes", async () => {
    const ctx = await open().context("run");
    for (let n = 0; n < 20; n++) await ctx.set("n", n);
    let asked = 0;

    const where = ({ sequence }: ContextEvent) => {
      asked++;
      return sequence % 5 === 0;
    };

    expect(await sequences(ctx, { where, limit: 2 })).toEqual([5, 10]);
    expect(asked).toBe(10);
    expect(await sequences(ctx, { where, order: "newest" })).toEqual([20, 15, 10, 5]);
  });

  it("finds what changed something at a path, below it, or above it so that it became another", async () => {
    const ctx = await open().context("run");
    await ctx.set("plan", { steps: [{ task: "a" }], owner: "ada" }); // #2
    await ctx.set("plan", { steps: [{ task: "a" }], owner: "bob" }); // #3
    await ctx.set("plan", { steps: [{ task: "b" }], owner: "bob" }); // #4
    await ctx.setEphemeral("plan", { steps: [] }); // #5
    expect(await sequences(ctx, { path: ["plan", "steps"] })).toEqual([2, 4, 5]);
    await ctx.protect("plan"); // #6
    await ctx.unprotect("plan");
    await ctx.delete("plan"); // #8
    await ctx.set("plan", 1); // #9

    expect(await sequences(ctx, { path: "plan.steps[0].task" })).toEqual([2, 4, 8]);
    // What the ephemeral key had went with it.
    expect(await sequences(ctx, { path: ["plan", "steps"] })).toEqual([2, 4, 8]);
    expect(await sequences(ctx, { path: "plan.owner", order: "newest" })).toEqual([8, 3, 2]);
    expect(await sequences(ctx, { path: "plan.owner", limit: 1, after: 2 })).toEqual([3]);
    expect(await sequences(ctx, { path: "plan" })).toEqual([2, 3, 4, 5, 8, 9]);
    expect(await sequences(ctx, { path: "plan.nothing" })).toEqual([]);
  });

  it.each([
    { path: "" },
    { path: ["plan", -1] as never },
    { path: [1] as never },
    { path: ["plan", undefined] as never },
    { path: 5 as never },
  ])("refuses a path that is none: %j", async (query) => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.history(query))).code).toBe("PATH_INVALID");
  });

  it.each([
    { type: [5] as never },
    { actor: 5 as never },
    { cause: {} as never },
    { phase: 1 as never },
    { where: "yes" as never },
    { where: (() => Promise.resolve(false)) as never },
    { key: "a", path: "b.c" },
  ])("refuses what makes no sense: %j", async (query) => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.history(query))).code).toBe("OPTION_INVALID");
  });

  it("by a path is what comparing the states before and after each event finds", async () => {
    const leaf = fc.nat(2);
    const value = fc.oneof(
      leaf,
      fc.record({ b: fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), c: leaf }, { requiredKeys: [] }),
    );
    const step = fc.record({ key: fc.constantFrom("a", "z"), value: fc.option(value) });
    const path = fc.constantFrom<ValuePath>(["a"], ["a", "b"], ["a", "b", 1], ["a", "c"]);
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), path, async (steps, path) => {
      const ctx = await open().context("run");
      for (const { key, value } of steps) {
        if (value === null) await ctx.delete(key);
        else await ctx.set(key, value);
      }
      const parts: string[] = [];
      for (let version = 0; version <= ctx.version; version++) {
        parts.push(textAt((await ctx.at(version)).data, path));
      }
      const changed = [...parts.keys()].filter(
        (version) => version > 0 && parts[version] !== parts[version - 1],
      );

      const versionsOf = (events: readonly ContextEvent[]) => events.map(({ version }) => version);
      expect(versionsOf(await ctx.history({ path }))).toEqual(changed);
      expect(versionsOf(await ctx.history({ path, order: "newest" }))).toEqual([...changed].reverse());
    });

    await fc.assert(property, { numRuns: 15 });
  });
});
