import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { take } from "../support/taking.js";

eachEngine("watching batches", ({ open }) => {
  it("tells with which event a batch is whole", async () => {
    const ctx = await open().context("run-1");
    const watcher = ctx.watch();

    await ctx.set("a", 1);
    await ctx.batch(() => {
      for (const key of ["a", "b", "c"]) void ctx.set(key, 2);
    });
    await ctx.batch(() => void ctx.set("d", 1));

    const events = await take(watcher, 5);
    expect(events.map(({ isLastOfBatch }) => isLastOfBatch)).toEqual([true, false, false, true, true]);
  });

  it("counts only the events that fit", async () => {
    const ctx = await open().context("run-1");
    const watcher = ctx.watch({ key: "[ac]" });

    await ctx.batch(() => {
      for (const key of ["a", "b", "c", "d"]) void ctx.set(key, 1);
    });

    const events = await take(watcher, 2);
    expect(events.map(({ isLastOfBatch }) => isLastOfBatch)).toEqual([false, true]);
  });

  it.each([499, 500, 501, 1_203])(
    "knows the last of %d events, which may be of another page",
    async (length) => {
      const store = open();
      const ctx = await store.context("run-1");
      const watcher = ctx.watch();

      await ctx.batch(() => {
        for (let value = 0; value < length; value += 1) void ctx.set("n", value);
      });
      await ctx.set("n", "after");

      const events = await take(watcher, length + 1);
      const lasts = events.filter(({ isLastOfBatch }) => isLastOfBatch).map(({ sequence }) => sequence);
      expect(lasts).toEqual([length + 1, length + 2]);
    },
  );
});

describe("watching a batch over several contexts", () => {
  it("gives its events one after the other, and marks the last that each watch gives", async () => {
    const store = openSqliteStore(join(temporaryFolder(), "store.db"));
    const [one, two] = [store.context("one"), store.context("two")];
    const watchers = [store.watch(), one.watch(), one.watch({ key: "a" }), two.watch()];

    one.batch(() => {
      one.set("a", 1);
      two.set("a", 1);
      one.set("b", 1);
    });

    const lasts = await Promise.all(
      [3, 2, 1, 1].map(async (count, index) =>
        (await take(watchers[index]!, count)).map(({ context, isLastOfBatch }) => [context, isLastOfBatch]),
      ),
    );
    expect(lasts).toEqual([
      [
        ["one", false],
        ["two", false],
        ["one", true],
      ],
      [
        ["one", false],
        ["one", true],
      ],
      [["one", true]],
      [["two", true]],
    ]);
  });
});
