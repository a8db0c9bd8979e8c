import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

eachEngine("the past of a fork", ({ open }) => {
  it("goes on into its parent: events, views, differences, blame and causes", async () => {
    const store = open();
    const parent = await store.context("parent", { initial: { plan: { a: 1, b: 1 } } });
    await parent.set("plan", { a: 2, b: 1 }, { cause: "a wish" });
    await parent.set("later", 1);
    const fork = await parent.fork("fork", { at: 1 });
    await fork.set("plan", { a: 2, b: 3 }, { cause: "parent#2" });
    const own = fork.sequence;

    const blames = await fork.blame("plan");
    const chain = await fork.why("plan");
    const owners = (await fork.history({ path: "plan" })).map(
      ({ context, sequence }) => `${context}#${sequence}`,
    );

    expect(blames.map(({ event }) => `${event.context}#${event.sequence}`)).toEqual([
      "parent#2",
      `fork#${own}`,
    ]);
    expect(chain.map(({ event, cause }) => `${event.context}#${event.sequence} ${cause}`)).toEqual([
      `fork#${own} event`,
      "parent#2 text",
    ]);
    expect(owners).toEqual(["parent#1", "parent#2", `fork#${own}`]);
    expect((await fork.at(1)).event).toMatchObject({ context: "parent", sequence: 2 });
    expect((await fork.since(0)).map(({ path }) => path.join("."))).toEqual(["plan.a", "plan.b"]);
    expect(await fork.diff(parent, fork)).toEqual([
      { kind: "changed", path: ["plan", "b"], before: 1, after: 3 },
      { kind: "removed", path: ["later"], before: 1 },
    ]);
    const newest: number[] = [];
    for await (const { sequence } of fork.events({ order: "newest", until: 1 })) newest.push(sequence);
    expect(newest).toEqual([own - 1, 2, 1]);
  });
});
