import fc from "fast-check";
import { expect, it } from "vitest";
import { type ContextEvent, type View } from "../../src/index.js";
import { type AnyContext, type AnyStore, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

/** What a random run does: so many writes at once, of which some move no version. */
const stretch = fc.record({ isBatch: fc.boolean(), writes: fc.array(fc.boolean(), { maxLength: 6 }) });
const history = fc.array(stretch, { minLength: 1, maxLength: 12 });
const place = fc.nat({ max: 1000 });

async function record(store: AnyStore, stretches: readonly { isBatch: boolean; writes: boolean[] }[]) {
  const ctx = await store.context("run", { initial: { n: 0 } });
  let n = 0;
  const write = (isPersistent: boolean): unknown =>
    isPersistent ? ctx.set("n", ++n) : ctx.setEphemeral("progress", ++n);
  for (const { isBatch, writes } of stretches) {
    if (isBatch) await ctx.batch(() => writes.forEach((isPersistent) => void write(isPersistent)));
    else for (const isPersistent of writes) await write(isPersistent);
  }
  return ctx;
}

/** The versions that were ever the present one, by a walk through all events. */
function committedVersions(events: readonly ContextEvent[]): readonly number[] {
  const isInside = (event: ContextEvent, next: ContextEvent | undefined) =>
    event.batch !== null && event.batch === next?.batch;
  const ends = events.filter((event, index) => !isInside(event, events[index + 1]));
  return [...new Set(ends.map(({ version }) => version))];
}

eachEngine("bisect", ({ name, open }) => {
  it("finds what a linear scan finds, for any range, in as many looks as the range can be halved", async () => {
    const property = fc.asyncProperty(history, place, place, place, async (stretches, a, b, turn) => {
      const ctx = await record(open(), stretches);
      const candidates = committedVersions(await ctx.history());
      const [from = 0, to = 0] = [a, b].map((each) => each % (ctx.version + 1)).sort((x, y) => x - y);
      const threshold = turn % (ctx.version + 2);
      const isTrue = (view: View) => view.version >= threshold;
      let looks = 0;

      const found = await ctx.bisect((view) => (looks++, isTrue(view)), { from, to });

      const inRange = candidates.filter((version) => version >= from && version <= to);
      const index = inRange.findIndex((version) => version >= threshold);
      expect(found?.version).toBe(inRange[index]);
      expect(found?.before).toBe(index > 0 ? inRange[index - 1] : undefined);
      expect(looks).toBe(found?.steps ?? looks);
      expect(looks).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(to - from + 1)));
    });

    await fc.assert(property, { numRuns: name === "SQLite" ? 40 : 100 });
  });

  it("finds one turn of a predicate that turns more than once", async () => {
    const property = fc.asyncProperty(history, fc.func(fc.boolean()), async (stretches, isTrueOf) => {
      const ctx = await record(open(), stretches);
      const candidates = committedVersions(await ctx.history());
      const isTrue = (version: number) => isTrueOf(version);

      const found = await ctx.bisect(({ version }) => isTrue(version));

      const [first = 0, last = 0] = [candidates[0], candidates.at(-1)];
      if (isTrue(first)) expect(found).toMatchObject({ version: first, before: undefined });
      else if (!isTrue(last)) expect(found).toBeUndefined();
      else {
        expect([found!.version, found!.before].map((version) => isTrue(version!))).toEqual([true, false]);
        expect(candidates.indexOf(found!.version)).toBe(candidates.indexOf(found!.before!) + 1);
      }
    });

    await fc.assert(property, { numRuns: name === "SQLite" ? 30 : 60 });
  });

  it("tells the event that made the version, and the state as it is from then on", async () => {
    const ctx = await open().context("run", { initial: { budget: 3 } });
    await ctx.set("budget", 1, { actor: "planner", cause: "user asked", tags: { trace: "t" } });
    await ctx.set("budget", -1, { actor: "writer", tags: { trace: "u" } });
    await ctx.setEphemeral("progress", 5);
    await ctx.set("other", 1);

    const found = await ctx.bisect((view) => Number(view.get("budget")) < 0);

    const author = { actor: "writer", cause: null, phase: null, batch: null, tags: { trace: "u" } };
    const [event] = await ctx.history({ after: 2, limit: 1 });
    expect(found).toMatchObject({ version: 2, sequence: 3, before: 1, steps: 4 });
    expect(found?.event).toEqual({
      context: "run",
      sequence: 3,
      version: 2,
      type: "value_set",
      at: event?.at,
      ...author,
    });
    expect(found?.view).toEqual(await ctx.at(2));
    expect(found?.view.data).toEqual({ budget: -1 });
  });

  it("assumes nothing about versions outside the range", async () => {
    const ctx = await counted(open());
    const seen: number[] = [];
    const isTrue = ({ version }: View) => (seen.push(version), version >= 4);

    const found = [
      await ctx.bisect(isTrue, { from: 2, to: "@6" }),
      await ctx.bisect(isTrue, { from: "@~2" }),
      await ctx.bisect(isTrue, { to: "#3" }),
    ];

    expect(found.map((each) => each?.version)).toEqual([4, 7, undefined]);
    expect(seen.slice(0, found[0]!.steps).every((version) => version >= 2 && version <= 6)).toBe(true);
    expect(seen.slice(found[0]!.steps)).toEqual([7, 0, 2]);
  });

  it("takes a range of one version", async () => {
    const ctx = await counted(open());

    expect((await ctx.bisect(() => true, { from: 3, to: 3 }))?.version).toBe(3);
    expect(await ctx.bisect(() => false, { from: 3, to: 3 })).toBeUndefined();
  });

  it("passes over the versions inside a batch, also where the range begins or ends in one", async () => {
    const ctx = await open().context("run");
    await ctx.set("n", 1);
    await ctx.batch(() => [2, 3, 4].forEach((n) => void ctx.set("n", n)));
    await ctx.set("n", 5);
    const seen = async (range: object) => {
      const versions: number[] = [];
      const found = await ctx.bisect(
        ({ version, data }) => (versions.push(version), Number(data.n) >= 2),
        range,
      );
      return { found: found?.version, versions };
    };

    expect(await seen({})).toEqual({ found: 4, versions: [0, 5, 4, 1] });
    expect(await seen({ from: 2 })).toEqual({ found: 4, versions: [4] });
    expect(await seen({ to: 3 })).toEqual({ found: undefined, versions: [0, 1] });
    expect(await seen({ from: 2, to: 3 })).toEqual({ found: undefined, versions: [] });
  });

  it("finds its way through batches of any length", async () => {
    const ctx = await open().context("run");
    for (const length of [1, 100, 2, 1, 300, 1]) {
      await ctx.batch(() => {
        for (let n = 0; n < length; n++) void ctx.set("n", ctx.version);
      });
    }

    const found = await ctx.bisect(({ version }) => version > 104);

    expect(found).toMatchObject({ version: 404, before: 104 });
  });

  it("goes on into the history that a fork inherited, also where that was cut inside a batch", async () => {
    const store = open();
    const parent = await counted(store);
    await parent.batch(() => [10, 11, 12].forEach((n) => void parent.set("n", n)));
    const fork = await parent.fork("fork", { at: 11 });
    await fork.set("n", 13);

    const found: unknown[] = [];
    for (const n of [4, 10, 12]) {
      const turn = await fork.bisect(({ version }) => version >= n);
      found.push([turn?.event.context, turn?.version]);
    }

    expect(found).toEqual([
      ["run", 4],
      ["run", 11],
      ["fork", 12],
    ]);
  });

  it("goes on into a predicate that reads the context itself", async () => {
    const ctx = await counted(open());
    const answers: unknown[] = [];

    const found = await ctx.bisect(({ version }) => {
      answers.push(ctx.at(version));
      return version >= 5;
    });

    expect(found?.version).toBe(5);
    expect((await Promise.all(answers)).length).toBe(found?.steps);
  });

  it("names the version at which a predicate throws", async () => {
    const ctx = await counted(open());
    const cause = new TypeError("no such thing");

    const refusal = await refusalOf(() =>
      ctx.bisect(({ version }) => {
        if (version === 4) throw cause;
        return version > 4;
      }),
    );

    expect(refusal).toMatchObject({
      code: "PREDICATE_FAILED",
      details: { context: "run", version: 4 },
      cause,
    });
  });

  it("refuses a predicate that answers with a promise, which would be true whatever it says", async () => {
    const ctx = await counted(open());
    // A caller without types gives anything.
    const late = (async () => Promise.reject(new Error("late"))) as never;

    expect(await refusalOf(() => ctx.bisect(late))).toMatchObject({
      code: "OPTION_INVALID",
      details: { option: "predicate" },
    });
  });

  it.each([
    ["a predicate that is none", 7, {}, "OPTION_INVALID"],
    ["a range that ends before it begins", () => true, { from: 5, to: 4 }, "OPTION_INVALID"],
    ["a range that is none", () => true, null, "OPTION_INVALID"],
    ["an address that cannot be read", () => true, { from: "here" }, "ADDRESS_INVALID"],
    ["an address at which there is nothing", () => true, { to: 99 }, "ADDRESS_NOT_FOUND"],
  ])("refuses %s", async (_, predicate, range, code) => {
    const ctx = await counted(open());

    expect(await refusalOf(() => ctx.bisect(predicate as never, range as never))).toMatchObject({ code });
  });
});

/** A context of nine versions after the initial one. */
async function counted(store: AnyStore): Promise<AnyContext> {
  const ctx = await store.context("run");
  for (let n = 1; n <= 9; n++) await ctx.set("n", n);
  return ctx;
}
