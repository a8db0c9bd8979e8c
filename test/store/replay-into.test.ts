import fc from "fast-check";
import { expect, it } from "vitest";
import type { ContextEvent } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";
import { refusalOf } from "../support/refusal.js";

type Counts = Record<string, number>;

/** Counts the changes of each key, in a value that it changes in place. */
function count(counts: Counts, { effects }: ContextEvent): Counts {
  for (const { key } of effects) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function numbers(found: readonly number[], { sequence }: ContextEvent): readonly number[] {
  return [...found, sequence];
}

async function writeSome(ctx: AnyContext, keys: readonly string[]): Promise<void> {
  for (const key of keys) await ctx.set(key, { at: ctx.sequence });
}

eachEngine("a fold over a history", ({ name, open, reopen }) => {
  it("takes every event once, oldest first", async () => {
    const ctx = await open().context("run");
    await writeSome(ctx, ["a", "b", "a"]);

    expect(await ctx.replayInto(numbers, [])).toEqual([1, 2, 3, 4]);
    expect(await ctx.replayInto(numbers, [], { to: 1 })).toEqual([1, 2]);
    const events: ContextEvent[] = [];
    await ctx.replayInto((_, event) => void events.push(event), undefined);
    expect(events).toEqual(await ctx.history());
    expect(await ctx.cursors()).toEqual([]);
  });

  it("that goes on from a cursor, in pieces of any size, is the fold in one go", async () => {
    const store = open();
    let runs = 0;
    const piece = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });

    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
        runs += 1;
        const ctx = await store.context(`run-${runs}`);
        for (const keys of pieces) {
          await writeSome(ctx, keys);
          const whole = await ctx.replayInto(count, {});

          expect(await ctx.replayInto(count, {}, { cursor: "counts" })).toEqual(whole);
          expect(await ctx.cursors()).toMatchObject([{ name: "counts", sequence: ctx.sequence }]);
        }
      }),
      { numRuns: name === "SQLite" ? 5 : 15 },
    );
  });

  it("reads only what came since", async () => {
    const ctx = await open().context("run");
    await writeSome(ctx, ["a", "b"]);
    await ctx.replayInto(numbers, [], { cursor: "numbers" });
    await writeSome(ctx, ["c"]);
    const seen: number[] = [];

    const found = await ctx.replayInto(
      (found: readonly number[], event) => {
        seen.push(event.sequence);
        return numbers(found, event);
      },
      [],
      { cursor: "numbers" },
    );

    expect(seen).toEqual([4]);
    expect(found).toEqual([1, 2, 3, 4]);
  });

  it("keeps results of any kind that can be stored, apart by name", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run");
    const sum = (spent: Map<string, Money>, { sequence, type }: ContextEvent) =>
      spent.set(type, new Money((spent.get(type)?.cents ?? 0) + sequence));
    await writeSome(ctx, ["a"]);

    await ctx.replayInto(sum, new Map(), { cursor: "spent" });
    await ctx.replayInto(count, {}, { cursor: "counts" });
    await writeSome(ctx, ["a"]);
    const spent = await ctx.replayInto(sum, new Map(), { cursor: "spent" });

    expect(spent).toEqual(
      new Map([
        ["context_created", new Money(1)],
        ["value_set", new Money(5)],
      ]),
    );
    expect((await ctx.cursors()).map((cursor) => cursor.name)).toEqual(["counts", "spent"]);
  });

  it("begins with the initial value as it was given, although the reducer changes it", async () => {
    const ctx = await open().context("run");
    await writeSome(ctx, ["a"]);
    const initial: Counts = {};

    const first = await ctx.replayInto(count, initial, { cursor: "one" });
    const second = await ctx.replayInto(count, initial, { cursor: "two" });

    expect(initial).toEqual({});
    expect(first).toEqual(second);
    first.a = 99;
    expect(await ctx.replayInto(count, initial, { cursor: "one" })).toEqual(second);
  });

  it("stays where it was when the reducer throws, and the error names the event", async () => {
    const ctx = await open().context("run");
    await writeSome(ctx, ["a"]);
    await ctx.replayInto(numbers, [], { cursor: "numbers" });
    await writeSome(ctx, ["b", "c"]);
    const before = await ctx.cursors();
    const failing = (found: readonly number[], event: ContextEvent) => {
      if (event.sequence === 4) throw new Error("no");
      return numbers(found, event);
    };

    const refused = await refusalOf(async () => ctx.replayInto(failing, [], { cursor: "numbers" }));

    expect(refused).toMatchObject({ code: "REDUCER_FAILED", details: { context: "run", sequence: 4 } });
    expect(refused.cause).toEqual(new Error("no"));
    expect(await ctx.cursors()).toEqual(before);
    expect(await ctx.replayInto(numbers, [], { cursor: "numbers" })).toEqual([1, 2, 3, 4]);
  });

  it("refuses promises, results that cannot be kept, and points before the cursor", async () => {
    const ctx = await open().context("run");
    await writeSome(ctx, ["a", "b"]);
    const cursor = "mine";
    await ctx.replayInto(numbers, [], { cursor });
    await writeSome(ctx, ["c"]);

    const refusals = [
      await refusalOf(async () => ctx.replayInto(async () => 1, 1 as never)),
      await refusalOf(async () => ctx.replayInto("count" as never, 1)),
      await refusalOf(async () => ctx.replayInto(numbers, [], { cursor: "", to: 99 })),
      await refusalOf(async () => ctx.replayInto(numbers, [], { cursor: 7 as never })),
      await refusalOf(async () => ctx.replayInto(numbers, [], { cursor, to: 1 })),
      await refusalOf(async () => ctx.replayInto<unknown>(() => Symbol("no"), 1, { cursor })),
    ].map(({ code }) => code);

    expect(refusals).toEqual([
      "OPTION_INVALID",
      "OPTION_INVALID",
      "ADDRESS_NOT_FOUND",
      "KEY_INVALID",
      "OPTION_INVALID",
      "VALUE_UNSUPPORTED",
    ]);
    expect(await ctx.cursors()).toMatchObject([{ name: cursor, sequence: 3 }]);
  });

  it("begins anew once its cursor is deleted, and cursors go with their context", async () => {
    const store = open();
    const ctx = await store.context("run");
    await writeSome(ctx, ["a"]);
    await ctx.replayInto(numbers, [], { cursor: "mine" });

    expect([await ctx.deleteCursor("mine"), await ctx.deleteCursor("mine")]).toEqual([true, false]);
    expect(await ctx.replayInto(numbers, [7], { cursor: "mine" })).toEqual([7, 1, 2]);
    await store.delete("run");
    expect(await (await store.context("run")).cursors()).toEqual([]);
  });

  it("knows nothing any more of what was erased", async () => {
    const ctx = await open().context("run");
    await ctx.set("secret", "s3cret");
    const texts = (found: string[], event: ContextEvent) => [...found, JSON.stringify(event.effects)];
    await ctx.replayInto(texts, [], { cursor: "texts" });

    await ctx.redact("secret", "leaked");

    expect(await ctx.cursors()).toEqual([]);
    expect((await ctx.replayInto(texts, [], { cursor: "texts" })).join()).not.toContain("s3cret");
  });

  it("goes along the line of a fork, which has cursors of its own", async () => {
    const ctx = await open().context("run");
    await writeSome(ctx, ["a", "b"]);
    await ctx.replayInto(numbers, [], { cursor: "mine" });

    const twin = await ctx.fork("twin", { at: 1 });
    await writeSome(twin, ["c"]);

    expect(await twin.cursors()).toEqual([]);
    expect(await twin.replayInto(numbers, [], { cursor: "mine" })).toEqual([1, 2, 3, 4]);
    expect((await twin.cursors())[0]).toMatchObject({ sequence: 4 });
    expect((await ctx.cursors())[0]).toMatchObject({ sequence: 3 });
  });

  it("may read and write the context that it folds", async () => {
    const ctx = await open().context("run", { initial: { seen: 0 } });
    await writeSome(ctx, ["a", "b"]);
    const writes: unknown[] = [];

    await ctx.replayInto((_, { sequence }) => void writes.push(ctx.set("seen", sequence)), undefined);
    await Promise.all(writes);

    expect(ctx.get("seen")).toBe(3);
  });

  it("is not saved with an export", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.replayInto(numbers, [], { cursor: "mine" });

    const again = await (await reopen(store)).context("run");

    expect((await again.cursors()).length).toBe(name === "SQLite" ? 1 : 0);
    expect(await again.replayInto(numbers, [], { cursor: "mine" })).toEqual([1]);
  });
});
