import { expect, it } from "vitest";
import { openMemoryStore } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { take } from "../support/taking.js";

eachEngine("a handle of a context", ({ open, name }) => {
  it("is closed as often as one likes, and says afterwards that it is, and what to do", async () => {
    const ctx = await open().context("run-1");

    await ctx.close();
    await ctx.close();

    const refusal = await refusalOf(() => ctx.get("a"));
    expect(refusal).toMatchObject({ code: "CONTEXT_CLOSED", details: { context: "run-1" } });
    expect(refusal.message).toContain('store.context("run-1")');
  });

  it("leaves other handles of the context as they are, with the same state", async () => {
    const store = open();
    const [one, two] = [await store.context("run-1"), await store.context("run-1")];
    const three = two.as({ actor: "planner" });

    await one.close();
    await two.close();
    await three.set("a", 1);
    const four = await store.context("run-1");

    expect([three.get("a"), four.get("a"), four.version]).toEqual([1, 1, 1]);
    await four.set("a", 2);
    expect(three.get("a")).toBe(2);
  });

  it("finds everything again when the context is opened anew", async () => {
    const store = open();
    const before = await store.context("run-1", { initial: { a: 1 } });
    await before.close();

    const after = await store.context("run-1");
    await after.set("b", 2);

    expect(after.toJSON()).toEqual({ a: 1, b: 2 });
    expect((await after.history()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("makes the writes that were called before, and none after", async () => {
    const store = open();
    const ctx = await store.context("run-1");

    const written = [ctx.set("a", 1), ctx.edit("a", (value) => Number(value) + 1)];
    const closed = ctx.close();
    expect((await refusalOf(() => ctx.set("a", 3))).code).toBe("CONTEXT_CLOSED");
    await Promise.all([...written, closed]);

    expect((await store.context("run-1")).toJSON()).toEqual({ a: 2 });
  });

  it("lets the phase go on in which it is closed, and the next handle shares what comes of it", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    const phase = ctx.phase("work", async (copy) => {
      await paused;
      copy.b = 2;
    });
    // The phase has begun once its first event is there.
    await take(ctx.watch({ from: "start" }), 2);

    await ctx.close();
    const next = await store.context("run-1");
    goOn();

    expect(await phase).toMatchObject({ outcome: "merged", written: ["b"] });
    expect(next.toJSON()).toEqual({ a: 1, b: 2 });
  });

  it("lets the batch end in whose function it is closed", async () => {
    const store = open();
    const ctx = await store.context("run-1");

    await ctx.batch(() => {
      void ctx.set("a", 1);
      void ctx.close();
    });

    expect((await store.context("run-1")).toJSON()).toEqual({ a: 1 });
  });

  it("undoes a batch that goes on writing through it", async () => {
    const store = open();
    const ctx = await store.context("run-1");

    const refusal = await refusalOf(() =>
      ctx.batch(() => {
        void ctx.set("a", 1);
        void ctx.close();
        void ctx.set("b", 2);
      }),
    );

    expect(refusal.code).toBe("CONTEXT_CLOSED");
    expect((await store.context("run-1")).toJSON()).toEqual({});
  });

  it("leaves watches and views that were taken from it", async () => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { a: 1 } });
    const [view, watcher] = [await ctx.at(0), ctx.watch()];
    const other = await store.context("run-1");

    await ctx.close();
    await other.set("a", 2);

    expect(view.data).toEqual({ a: 1 });
    expect(await take(watcher, 1)).toMatchObject([{ effects: [{ key: "a", value: 2 }] }]);
  });

  it("ends walks at their next step", async () => {
    const ctx = await open().context("run-1");
    for (let value = 1; value <= 3; value += 1) await ctx.set("a", value);

    for (const verb of ["events", "replay"] as const) {
      const handle = ctx.as({});
      let steps = 0;
      const refusal = await refusalOf(async () => {
        for await (const step of handle[verb]()) {
          expect(step).toBeDefined();
          steps += 1;
          await handle.close();
        }
      });
      expect([steps, refusal.code]).toEqual([1, "CONTEXT_CLOSED"]);
    }
  });

  it("cannot be merged from, once it is closed", async () => {
    const store = open();
    const [one, two] = [await store.context("run-1"), await store.context("run-2")];
    await two.close();

    expect((await refusalOf(() => one.merge(two))).code).toBe("CONTEXT_CLOSED");
  });

  it("closes at the end of its block", async () => {
    const store = open();
    const kept = [];
    {
      await using ctx = await store.context("run-1");
      kept.push(ctx);
    }
    if (name !== "memory (async)") {
      using ctx = await store.context("run-1");
      kept.push(ctx);
    }

    for (const ctx of kept) expect((await refusalOf(() => ctx.get("a"))).code).toBe("CONTEXT_CLOSED");
  });
});

it("closing a handle waits for queued writes, and tells of one that failed", async () => {
  const store = openMemoryStore({ mode: "async" });
  const ctx = await store.context("run-1", { protect: ["a"], initial: { a: 1 } });
  const refused = ctx.set("a", 2);
  refused.catch(() => undefined);

  expect((await refusalOf(() => ctx.close())).code).toBe("KEY_PROTECTED");
  await store.close();
});
