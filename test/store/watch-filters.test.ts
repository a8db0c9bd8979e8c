import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { take } from "../support/taking.js";

eachEngine("a watch with a filter", ({ open }) => {
  it.each([
    ["key", { key: "plan*" }, ["plan.a", "plan.b", "plan.c"]],
    ["one key", { key: "other" }, ["other"]],
    ["type", { type: "ephemeral_set" }, ["plan.b"]],
    ["types", { type: ["key_protected", "ephemeral_set"] }, ["plan.b", "plan.c"]],
    ["actor", { actor: "ada" }, ["plan.c"]],
    ["key and actor", { key: "other", actor: "ada" }, []],
  ] as const)("leaves out what does not fit, by %s", async (_, query, expected) => {
    const store = open();
    const ctx = await store.context("run-1", { initial: { start: 1 } });
    const watchers = [ctx.watch(query), store.watch(query)];

    await ctx.set("plan.a", 1);
    await ctx.set("other", 1);
    await ctx.setEphemeral("plan.b", 1);
    await ctx.setMetadata({ "plan.m": 1 });
    await ctx.snapshot("plan.s");
    await ctx.protect("plan.c", { actor: "ada" });

    for (const watcher of watchers) {
      const events = await take(watcher, expected.length);
      expect(events.map(({ effects }) => effects[0]?.key)).toEqual(expected);
    }
  });

  it("leaves out contexts whose id does not fit, and the store's own events with them", async () => {
    const store = open();
    const watchers = [store.watch({ context: "run-?" }), store.watch({ context: "*" })] as const;

    for (const id of ["run-1", "other", "run-2", "run-10"]) await store.context(id);
    await store.delete("other");
    await store.context("run-3");

    expect((await take(watchers[0], 3)).map(({ context }) => context)).toEqual(["run-1", "run-2", "run-3"]);
    const everybody = (await take(watchers[1], 4)).map(({ context }) => context);
    expect(everybody).toEqual(["run-1", "run-2", "run-10", "run-3"]);
  });

  it("moves its position past what does not fit, so that nobody looks through it again", async () => {
    const store = open();
    const ctx = await store.context("run-1");
    const watcher = ctx.watch({ key: "rare" });
    const first = watcher.next();

    await ctx.set("rare", 1);
    await first;
    const rare = watcher.position!;
    const second = watcher.next();
    for (let value = 0; value < 5; value += 1) await ctx.set("common", value);
    await ctx.set("rare", 2);
    await second;

    expect(watcher.position).toBe(rare + 6);
  });
});
