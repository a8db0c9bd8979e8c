import { expect, it } from "vitest";
import type { ContextEvent, Mode, Stream } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

/** Reads a stream of any engine to its end. */
async function readAll(stream: Stream<Mode, ContextEvent>): Promise<number[]> {
  const read: number[] = [];
  for await (const { sequence } of stream) read.push(sequence);
  return read;
}

/** Numbers from one up to another. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}

/** A context with its first event and so many more. */
async function fill(ctx: AnyContext, count: number): Promise<void> {
  await ctx.batch(() => {
    for (let n = 0; n < count; n++) void ctx.set(`key_${n % 3}`, n);
  });
}

eachEngine("a stream of events", ({ open }) => {
  it("gives all events in either order, page after page, as often as it is walked through", async () => {
    const ctx = await open().context("run");
    await fill(ctx, 1201);

    const stream = ctx.events();

    expect(await readAll(stream)).toEqual(range(1, 1202));
    expect(await readAll(stream)).toEqual(range(1, 1202));
    expect(await readAll(ctx.events({ order: "newest" }))).toEqual(range(1, 1202).reverse());
  });

  it("ends at its limit, beyond one page too, and goes on behind an event", async () => {
    const ctx = await open().context("run");
    await fill(ctx, 1201);

    expect(await readAll(ctx.events({ limit: 700, after: 5 }))).toEqual(range(6, 705));
    expect(await readAll(ctx.events({ limit: 0 }))).toEqual([]);
  });

  it("reads what was written while it was walked through, and leaves off when its reader does", async () => {
    const ctx = await open().context("run");
    await fill(ctx, 600);
    const read: number[] = [];

    for await (const { sequence } of ctx.events()) {
      if (sequence === 1) await ctx.set("late", true);
      read.push(sequence);
      if (sequence === 602) break;
    }

    expect(read).toEqual(range(1, 602));
    expect(await ctx.delete("late")).toBe(true);
  });

  it("refuses a query that makes no sense", async () => {
    const ctx = await open().context("run");

    const { code } = await refusalOf(async () => readAll(ctx.events({ limit: -1 })));

    expect(code).toBe("OPTION_INVALID");
  });

  it("says that the store is closed, to whoever goes on", async () => {
    const store = open();
    const ctx = await store.context("run");
    const stream = ctx.events();

    await store.close();

    expect((await refusalOf(async () => readAll(stream))).code).toBe("STORE_CLOSED");
  });
});
