import fc from "fast-check";
import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const iso = (time: number) => `@${new Date(time).toISOString()}`;

/** A clock that others set. */
function clockAt(time: number) {
  const clock = { time, now: () => clock.time };
  return clock;
}

eachEngine("a clock that is set back", ({ open }) => {
  it("lets no event of a context be earlier than the one before, and times find what was the newest then", async () => {
    const steps = fc.array(fc.integer({ min: -3_000, max: 3_000 }), { minLength: 1, maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(steps, async (days) => {
        const clock = clockAt(start + 10_000 * day);
        await using store = open({ now: clock.now });
        const ctx = await store.context("run-1");

        for (const [index, step] of days.entries()) {
          clock.time += step * day;
          await ctx.set("n", index);
        }

        const events = await ctx.history();
        const times = events.map(({ at }) => at);
        expect(times).toEqual([...times].sort((one, other) => one - other));
        for (const time of times) {
          const newest = events.findLast(({ at }) => at <= time);
          expect((await ctx.at(iso(time))).sequence).toBe(newest?.sequence);
          const since = await ctx.history({ since: iso(time) });
          expect(since).toEqual(events.filter(({ sequence }) => sequence > newest!.sequence));
        }
        expect((await store.verify()).faults).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("lets a phase end no earlier than it began, and snapshots and changes keep their order and number", async () => {
    const clock = clockAt(start);
    const store = open({ now: clock.now, retention: { snapshots: 3, changes: 4 } });
    const ctx = await store.context("run-1");

    await ctx.phase("work", (copy) => {
      copy.a = 1;
      clock.time -= 400 * day;
    });
    for (const reason of ["one", "two", "three", "four"]) {
      clock.time -= day;
      await ctx.set("reason", reason);
      await ctx.snapshot(reason);
    }

    const [phase] = await ctx.phases();
    expect(phase).toMatchObject({ status: "finished" });
    const kept = ctx.snapshots();
    expect(kept.map(({ reason }) => reason)).toEqual(["two", "three", "four"]);
    expect((await ctx.changes()).at(-1)).toMatchObject({ details: { key: "reason" } });
    expect(await ctx.changes()).toHaveLength(4);
    expect((await ctx.history()).every(({ at }) => at === start)).toBe(true);
    expect(await ctx.restore({ snapshot: "two" })).toBe(true);
  });

  it("lets a fork begin no earlier than what it shares, whatever the clock says when it is made", async () => {
    const clock = clockAt(start);
    const ctx = await open({ now: clock.now }).context("run-1", { initial: { a: 1 } });
    clock.time -= 1_000 * day;

    const fork = await ctx.fork("run-2");
    await fork.set("a", 2);

    expect((await fork.history()).map(({ at }) => at)).toEqual([start, start, start]);
    expect((await fork.at(iso(start))).data).toEqual({ a: 2 });
  });

  it("goes on from the latest time after years that it ran ahead, also in a store opened anew", async () => {
    const clock = clockAt(start);
    const ahead = start + 5_000 * day;
    const store = open({ now: clock.now });
    const ctx = await store.context("run-1");
    clock.time = ahead;
    await ctx.set("n", 1);
    clock.time = start + day;
    await ctx.set("n", 2);

    const other = await store.context("run-2");
    await other.set("n", 1);

    expect((await ctx.history()).map(({ at }) => at)).toEqual([start, ahead, ahead]);
    expect((await other.history()).map(({ at }) => at)).toEqual([start + day, start + day]);
    expect((await ctx.at(iso(start + 2 * day))).version).toBe(0);
    expect((await ctx.at(iso(ahead))).version).toBe(2);
    expect((await store.contexts({ changedSince: ahead })).map(({ id }) => id)).toEqual(["run-1"]);
    expect((await store.verify()).faults).toEqual([]);
  });
});
