import { setImmediate as turn } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { take } from "../support/taking.js";

eachEngine("a listener that watches", ({ open }) => {
  it("is called with one event after the other, and awaited", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const steps: string[] = [];
    const subscription = ctx.watch({}, async ({ sequence }) => {
      steps.push(`begin ${sequence}`);
      await turn();
      steps.push(`end ${sequence}`);
      if (sequence === 4) subscription.close();
    });

    for (const value of [1, 2, 3]) await ctx.set("n", value);

    await subscription.done;
    expect(steps).toEqual([2, 3, 4].flatMap((sequence) => [`begin ${sequence}`, `end ${sequence}`]));
  });

  it("may write, and hears of it", async () => {
    const store = open();
    const ctx = await store.context<{ n: number }>("run-1");
    const heard: number[] = [];
    const subscription = ctx.watch({ key: "n" }, async () => {
      heard.push(ctx.get("n") ?? 0);
      if (heard.length === 5) subscription.close();
      else await ctx.edit("n", (n) => n + 1);
    });

    await ctx.set("n", 1);

    await subscription.done;
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  it("is not called any more once the watch is closed, which waits for it when disposed of", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const heard: number[] = [];
    const [begun, begin] = gate();
    const subscription = ctx.watch({}, async ({ sequence }) => {
      begin();
      await turn();
      heard.push(sequence);
    });
    await ctx.batch(() => {
      for (const key of ["a", "b", "c"]) void ctx.set(key, 1);
    });

    await begun;
    await subscription[Symbol.asyncDispose]();

    expect(heard).toEqual([2]);
  });

  it("ends well when the store is closed", async () => {
    const store = open();
    const subscription = store.watch({}, () => undefined);

    await store.close();

    await expect(subscription.done).resolves.toBeUndefined();
  });

  it.each([
    [
      "throws",
      (error: Error) => {
        throw error;
      },
    ],
    ["rejects", async (error: Error) => Promise.reject(error)],
  ])("ends the watch with what it %s, and can go on with the same event", async (_, fail) => {
    const store = open();
    const ctx = await store.context("run-1");
    const failure = new Error("no");
    const heard: number[] = [];
    const subscription = ctx.watch({}, ({ sequence }) => {
      heard.push(sequence);
      return sequence === 3 ? fail(failure) : undefined;
    });
    const { done } = subscription;

    for (const value of [1, 2, 3]) await ctx.set("n", value);

    await expect(done).rejects.toBe(failure);
    expect(heard).toEqual([2, 3]);
    const [next] = await take(ctx.watch({ from: subscription.position }), 1);
    expect(next?.sequence).toBe(3);
  });

  it("makes Node warn of what it throws, where nobody has asked how the watch ends", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const failure = new Error("no");
    const warned = warning();
    const unseen = ctx.watch({}, () => {
      throw failure;
    });
    await ctx.set("n", 1);

    expect(await warned).toBe(failure);
    await expect(unseen.done).rejects.toBe(failure);
  });

  it("does not make Node warn where somebody has asked", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const warned: unknown[] = [];
    void warning().then((error) => warned.push(error));
    const { done } = ctx.watch({}, () => {
      throw new Error("no");
    });

    await ctx.set("n", 1);
    await done.catch(() => undefined);
    await turn();

    expect(warned).toEqual([]);
  });
});

/** The next warning of Node's. */
function warning(): Promise<unknown> {
  return new Promise((resolve) => {
    process.on("warning", resolve);
    onTestFinished(() => void process.off("warning", resolve));
  });
}

function gate(): [opened: Promise<void>, open: () => void] {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, () => open()];
}
