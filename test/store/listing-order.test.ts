import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

eachEngine("metadata in a listing", ({ open }) => {
  it("comes in the order of creation, as the context itself tells it", async () => {
    const store = open();
    const ctx = await store.context("run", { metadata: { z: 1, a: 2 } });
    await ctx.setMetadata({ m: 3, z: 4 });

    const listed = (await store.contexts())[0]!.metadata;

    expect(Object.keys(listed)).toEqual(["z", "a", "m"]);
    expect(Object.keys(ctx.metadata)).toEqual(["z", "a", "m"]);
  });
});
