import fc from "fast-check";
import { join } from "node:path";
import { expect, it } from "vitest";
import { equalValues } from "../../src/core/value/equal.js";
import { applyDifference, diff, openMemoryStore } from "../../src/index.js";
import { openCounted } from "../support/counted-store.js";
import { eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { anyPair } from "../support/mutations.js";
import { refusalOf } from "../support/refusal.js";
import { openSqlite, temporaryFolder } from "../support/sqlite-files.js";
import { anyKey, anyValue } from "../support/values.js";

/** A key as a context takes it, its values before and after, and on which sides it is at all. */
const change = fc.tuple(
  anyKey().filter((key) => !/\p{Surrogate}/u.test(key)),
  anyPair(anyValue()).filter(([before, after]) => before !== undefined && after !== undefined),
  fc.constantFrom("both", "both", "before", "after"),
);
/** Two states, of which the second is often the first one with a few edits. */
const anyStates = fc
  .uniqueArray(change, { maxLength: 6, selector: ([key]) => key })
  .map((changes) => [
    Object.fromEntries(changes.flatMap(([key, [value], side]) => (side === "after" ? [] : [[key, value]]))),
    Object.fromEntries(
      changes.flatMap(([key, [, value], side]) => (side === "before" ? [] : [[key, value]])),
    ),
  ]);

eachEngine("the difference of two states", ({ open }) => {
  it("applied to the first gives the second, whatever keys and values they have", async () => {
    const property = fc.asyncProperty(anyStates, async ([before = {}, after = {}]) => {
      const ctx = await open({ protect: [] }).context("run", { initial: before });
      await ctx.merge(after, "replace");
      const [first, last] = [await ctx.at(0), await ctx.at("@latest")];

      for (const difference of [
        await ctx.diff(0),
        await ctx.diff(first, last),
        await ctx.diff(first, ctx),
        diff(first, last),
        diff(before, last),
        diff(first, after),
        diff(before, after),
      ]) {
        expect(equalValues(applyDifference(difference, first.data), last.data)).toBe(true);
      }
    });

    await fc.assert(property, { numRuns: 40 });
  });

  it("may be of any two contexts, views and plain objects", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { n: 1, same: [1] } });
    const other = openMemoryStore().context("other", { initial: { n: 2, same: [1] } });
    const changed = (before: number, after: number) => [{ kind: "changed", path: ["n"], before, after }];

    expect(await ctx.diff(other)).toEqual(changed(2, 1));
    expect(await ctx.diff("@latest", other.at(0))).toEqual(changed(1, 2));
    expect(await ctx.diff(ctx, other)).toEqual(changed(1, 2));
    expect(diff(ctx, other)).toEqual(changed(1, 2));
    expect(diff(other.at(0), { n: 3, same: [1] })).toEqual(changed(2, 3));
    expect(diff({ n: 4, same: [1] }, ctx)).toEqual(changed(4, 1));
    expect(diff({ n: 4 }, { n: 5 })).toEqual(changed(4, 5));
  });

  it("compares instances of registered classes by what they are stored as", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run", { initial: { price: new Money(5) } });
    const elsewhere = openMemoryStore({ classes: [moneyClass] });
    const other = elsewhere.context("run", { initial: { price: new Money(5) } });

    expect(diff(ctx, other)).toEqual([]);
    expect(diff(ctx, { price: new Money(5) })).toEqual([]);
    expect(diff({ price: new Money(6) }, ctx)).toEqual([
      { kind: "changed", path: ["price"], before: new Money(6), after: new Money(5) },
    ]);
    expect((await refusalOf(() => diff({ price: new Money(5) }, {}))).code).toBe("VALUE_UNSUPPORTED");
    expect((await refusalOf(() => diff(ctx, { price: undefined }))).code).toBe("VALUE_UNSUPPORTED");
  });

  it("gives nothing away by which the store could be changed", async () => {
    const ctx = await open().context<{ due: Date; list: unknown[] }>("run", {
      initial: { due: new Date(1), list: [new Date(2), { a: 1 }] },
    });

    const [due, list] = diff({}, ctx) as unknown as [{ after: Date }, { after: [Date, object] }];
    due.after.setTime(9);
    list.after[0].setTime(9);

    expect(ctx.get("due")).toEqual(new Date(1));
    expect(ctx.get("list")).toEqual([new Date(2), { a: 1 }]);
    expect(Object.isFrozen(list.after[1])).toBe(true);
  });

  it("goes down as far as values do", async () => {
    const below = (levels: number, leaf: unknown): unknown =>
      levels === 0 ? leaf : [below(levels - 1, leaf)];
    const ctx = await open().context("run", { initial: { deep: below(500, 1) } });
    await ctx.set("deep", below(500, 2));

    const difference = await ctx.diff(0);

    expect(difference.map(({ path }) => path.length)).toEqual([501]);
    expect(applyDifference(difference, (await ctx.at(0)).data)).toEqual(ctx.persistent);
  });

  it("names keys in their order before, then the new ones in theirs, however they are found", async () => {
    const ctx = await open().context("run", { initial: { b: 1, a: 1, same: 1, c: 1 } });
    await ctx.set("z", 1);
    await ctx.set("y", 1);
    await ctx.delete("a");
    await ctx.set("b", 2);
    await ctx.delete("c");
    await ctx.set("c", 2);

    const paths = (await ctx.diff(0)).map(({ kind, path }) => `${kind} ${path.join(".")}`);

    expect(paths).toEqual(["changed b", "removed a", "changed c", "added z", "added y"]);
    expect(diff(await ctx.at(0), ctx)).toEqual(await ctx.diff(0));
  });
});

it("reads only keys that were changed in between", () => {
  const { store, eventsRead } = openCounted(openSqlite(join(temporaryFolder(), "store.db")));
  const ctx = store.context("run");
  for (let n = 0; n < 50; n++) ctx.set(`key_${n}`, n);
  const before = ctx.version;
  ctx.set("key_7", "changed");
  ctx.set("new", 1);
  eventsRead();

  const difference = ctx.diff(before);

  expect(difference).toHaveLength(2);
  expect(eventsRead()).toBe(3);
});
