import fc from "fast-check";
import { expect, it } from "vitest";
import { applyDifference } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";

eachEngine("the event of a view", ({ open }) => {
  it("is the one that made its version, however many came after it that changed no data", async () => {
    const step = fc.constantFrom("set", "scratch", "snapshot");
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const ctx = await open().context("run");
      for (const [n, verb] of steps.entries()) {
        if (verb === "set") await ctx.set("n", n);
        else if (verb === "scratch") await ctx.setEphemeral("progress", n);
        else await ctx.snapshot();
      }
      const events = await ctx.history();
      for (const { sequence, version } of events) {
        const first = events.find((event) => event.version === version);
        expect((await ctx.at({ sequence })).event.sequence).toBe(first?.sequence);
      }
    });

    await fc.assert(property, { numRuns: 5 });
  });

  it("says who made it, when and why", async () => {
    const ctx = await open({ now: () => 5_000 }).context("run");
    await ctx.set("a", 1, { actor: "planner", cause: "a wish", tags: { trace: "t" } });
    await ctx.setEphemeral("progress", 1, { actor: "worker" });

    const { event } = await ctx.at("@latest");

    expect(event).toEqual({
      context: "run",
      sequence: 2,
      version: 1,
      type: "value_set",
      at: 5_000,
      actor: "planner",
      cause: "a wish",
      phase: null,
      batch: null,
      tags: { trace: "t" },
    });
    expect((await ctx.at(0)).event.type).toBe("context_created");
    expect([Object.isFrozen(event), Object.isFrozen(event.tags)]).toEqual([true, true]);
  });
});

eachEngine("what has changed since a state", ({ open }) => {
  it("is the net change until now", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1 } });
    const before = await ctx.snapshot("before");
    await ctx.set("a", 2);
    await ctx.set("a", 3);
    await ctx.set("c", 1);
    await ctx.delete("c");

    const difference = await ctx.since(before);

    expect(difference).toEqual([{ kind: "changed", path: ["a"], before: 1, after: 3 }]);
    expect(applyDifference(difference, (await ctx.at(before)).data)).toEqual(ctx.persistent);
    expect(await ctx.since("@latest")).toEqual([]);
  });
});
