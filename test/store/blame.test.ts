import fc from "fast-check";
import { expect, it } from "vitest";
import type { Blame } from "../../src/index.js";
import { writePath } from "../../src/core/value/parse-path.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { refusalOf } from "../support/refusal.js";

/** Who is blamed, as text: the path, and the number of the event. */
function told(blames: readonly Blame[]): string[] {
  return blames.map(({ path, event }) => `${writePath(path)} #${event.sequence}`);
}

/** Sets a key to one value after the other. */
async function setAll(ctx: AnyContext, key: string, values: readonly unknown[]): Promise<void> {
  for (const value of values) await ctx.set(key, value);
}

eachEngine("blame", ({ open }) => {
  it("names for every leaf the event that gave it its value, in document order", async () => {
    const ctx = await open({ now: () => 5_000 }).context("run", {
      initial: { goal: "ship", plan: { n: 1 } },
    });
    await ctx.set("plan", { n: 1, steps: [], owner: { name: "ada", due: new Date(0) } });
    await ctx.set("plan", { n: 2, steps: [], owner: { name: "bob", due: new Date(0) } }, { actor: "boss" });
    await ctx.setEphemeral("progress", 1);

    const blames = await ctx.blame();

    expect(told(blames)).toEqual([
      "goal #1",
      "plan.n #3",
      "plan.steps #2",
      "plan.owner.name #3",
      "plan.owner.due #2",
    ]);
    expect(blames.map(({ value }) => value)).toEqual(["ship", 2, [], "bob", new Date(0)]);
    expect(blames[1]?.event).toEqual({
      context: "run",
      sequence: 3,
      version: 2,
      type: "value_set",
      at: 5_000,
      actor: "boss",
      cause: null,
      phase: null,
      batch: null,
      tags: null,
    });
  });

  it("goes below a path, and back to a point", async () => {
    const ctx = await open().context("run");
    await setAll(ctx, "plan", [{ a: { b: 1, c: 1 } }, { a: { b: 1, c: 2 } }, { a: { b: 3, c: 2 } }, 4]);

    expect(told(await ctx.blame("plan.a", { at: 3 }))).toEqual(["plan.a.b #4", "plan.a.c #3"]);
    expect(told(await ctx.blame(["plan", "a", "b"], { at: 2 }))).toEqual(["plan.a.b #2"]);
    expect(told(await ctx.blame("plan"))).toEqual(["plan #5"]);
    expect(told(await ctx.blame(undefined, { at: 0 }))).toEqual([]);
  });

  it.each([
    ["a key", "none"],
    ["a part of a value", "plan.a.b.c"],
    ["an element", "plan.a[0]"],
    ["a key that is ephemeral only", "progress"],
  ])("says that there is nothing at the path of %s", async (_, path) => {
    const ctx = await open().context("run", { initial: { plan: { a: { b: 1 } } } });
    await ctx.setEphemeral("progress", 1);

    expect((await refusalOf(() => ctx.blame(path))).code).toBe("PATH_NOT_FOUND");
  });

  it("follows elements that an insertion moved on, and those that a removal moved back", async () => {
    const ctx = await open().context("run");
    const [a, b, c, d] = ["a", "b", "c", "d"].map((task) => ({ task }));
    await setAll(ctx, "plan", [
      [a, b],
      [c, a, b],
      [c, a, d, b],
      [a, d, b],
    ]);

    expect(told(await ctx.blame())).toEqual(["plan[0].task #2", "plan[1].task #4", "plan[2].task #2"]);
  });

  it("follows leaves inside an element that was changed where it had moved to", async () => {
    const ctx = await open().context("run");
    await setAll(ctx, "plan", [
      [{ id: 1, done: false }],
      [
        { id: 2, done: false },
        { id: 1, done: false },
      ],
      [
        { id: 2, done: false },
        { id: 1, done: true },
      ],
      [
        { id: 3, done: false },
        { id: 2, done: false },
        { id: 1, done: true },
      ],
    ]);

    expect(told(await ctx.blame())).toEqual([
      "plan[0].id #5",
      "plan[0].done #5",
      "plan[1].id #3",
      "plan[1].done #3",
      "plan[2].id #2",
      "plan[2].done #4",
    ]);
  });

  it("blames a container that was emptied on whoever emptied it", async () => {
    const ctx = await open().context("run");
    await setAll(ctx, "a", [
      { list: [1], map: {} },
      { list: [], map: {} },
      { list: [], map: {}, more: 1 },
    ]);

    expect(told(await ctx.blame())).toEqual(["a.list #3", "a.map #2", "a.more #4"]);
  });

  it("takes a key that was deleted and set again, to the same value too, for new", async () => {
    const ctx = await open().context("run", { initial: { a: { b: 1 } } });
    await ctx.delete("a");
    await ctx.set("a", { b: 1 });

    expect(told(await ctx.blame("a"))).toEqual(["a.b #3"]);
  });

  it("blames a restore for what it brought back, and nobody else", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 1 } });
    await ctx.set("a", 2);
    await ctx.restore({ version: 0 });

    expect(told(await ctx.blame())).toEqual(["a #3", "b #1"]);
  });

  it("does not blame anew where an equal instance of a class was set", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run");
    await setAll(ctx, "price", [
      { net: new Money(5), n: 1 },
      { net: new Money(5), n: 2 },
    ]);

    const [net, n] = await ctx.blame();

    expect([net?.event.sequence, n?.event.sequence]).toEqual([2, 3]);
    expect(net?.value).toEqual(new Money(5));
  });

  it("is what a look at every version finds, where nothing moves", async () => {
    const leaf = fc.oneof(fc.nat(2), fc.constantFrom(null, "x"));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("value"), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    }));
    const steps = fc.array(fc.record({ key: fc.constantFrom("k", "l"), value: fc.option(value) }), {
      maxLength: 20,
    });
    const property = fc.asyncProperty(steps, async (steps) => {
      const ctx = await open().context("run");
      for (const { key, value } of steps) {
        if (value === null) await ctx.delete(key);
        else await ctx.set(key, value);
      }

      expect(told(await ctx.blame())).toEqual(await naiveBlame(ctx));
    });

    await fc.assert(property, { numRuns: 25 });
  });

  it("follows every element of a list that others are put into and taken out of", async () => {
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 2 }), insert: fc.nat({ max: 3 }) });
    const property = fc.asyncProperty(fc.array(edit, { maxLength: 12 }), async (edits) => {
      const ctx = await open().context("run");
      let [list, next]: [number[], number] = [[], 0];
      for (const { at, remove, insert } of edits) {
        list = [...list];
        list.splice(at % (list.length + 1), remove, ...Array.from({ length: insert }, () => next++));
        await ctx.set("list", list);
      }
      const makers = new Map<unknown, number>();
      for (const { sequence, effects } of await ctx.history({ key: "list" })) {
        const set = effects[0]?.value as number[];
        for (const element of set) if (!makers.has(element)) makers.set(element, sequence);
      }

      const blames = list.length === 0 ? [] : await ctx.blame("list");

      expect(blames.map(({ value, event }) => [value, event.sequence])).toEqual(
        list.map((element) => [element, makers.get(element)]),
      );
    });

    await fc.assert(property, { numRuns: 25 });
  });
});

/** Finds for each leaf the last event before which its path had another value, or none. */
async function naiveBlame(ctx: AnyContext): Promise<string[]> {
  const states: Map<string, string>[] = [];
  for (let sequence = 1; sequence <= ctx.sequence; sequence++) {
    states.push(leavesOf((await ctx.at({ sequence })).data));
  }
  return [...(states.at(-1) ?? [])].map(([path, value]) => {
    let sequence = ctx.sequence;
    while (states[sequence - 2]?.get(path) === value) sequence--;
    return `${path} #${sequence}`;
  });
}

function leavesOf(value: unknown, path: readonly string[] = []): Map<string, string> {
  const parts = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (parts.length > 0) return new Map(parts.flatMap(([key, part]) => [...leavesOf(part, [...path, key])]));
  const [key, ...steps] = path;
  return key === undefined
    ? new Map<string, string>()
    : new Map([[writePath([key, ...steps]), JSON.stringify(value)]]);
}
