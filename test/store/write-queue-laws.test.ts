import fc from "fast-check";
import { expect, it } from "vitest";
import { openMemoryStore } from "../../src/index.js";

/** How many writes each of some callers makes. */
const callers = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });

it("keeps writes that nobody waits for in the order of their calls, however callers take turns", async () => {
  const property = fc.asyncProperty(fc.scheduler(), callers, async (scheduler, counts) => {
    await using store = openMemoryStore({ mode: "async" });
    const ctx = await store.context<{ list: string[] }>("run", { initial: { list: [] } });
    const called: string[] = [];
    const writes: Promise<unknown>[] = [];
    const call = async (name: string, count: number) => {
      for (let number = 0; number < count; number += 1) {
        await scheduler.schedule(Promise.resolve(), name);
        called.push(`${name}.${number}`);
        writes.push(ctx.edit("list", (list) => [...list, `${name}.${number}`]));
      }
    };

    const calls = counts.map((count, index) => call(`caller ${index}`, count));
    await scheduler.waitFor(Promise.all(calls));
    await Promise.all(writes);

    expect(ctx.get("list")).toEqual(called);
    expect((await ctx.history()).map(({ version }) => version)).toEqual([
      0,
      ...called.map((_, index) => index + 1),
    ]);
  });

  await fc.assert(property, { numRuns: 100 });
});
