import { expect, it } from "vitest";
import { applyDifference } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { Money, moneyClass } from "../support/money.js";

eachEngine("a difference", ({ open }) => {
  it("tells what was added, removed and changed between two states, and leads from one to the other", async () => {
    const ctx = await open().context("run", { initial: { plan: [{ task: "b" }], gone: 1, same: [1] } });
    await ctx.set("plan", [{ task: "a" }, { task: "b" }]);
    await ctx.delete("gone");
    await ctx.set("new", true);
    await ctx.setEphemeral("progress", 5);

    const difference = await ctx.diff(0);

    expect(difference.map(({ kind, path }) => [kind, ...path])).toEqual([
      ["added", "plan", 0],
      ["removed", "gone"],
      ["added", "new"],
    ]);
    expect(applyDifference(difference, (await ctx.at(0)).data)).toEqual((await ctx.at("@latest")).data);
    expect(await ctx.diff("@~1", 3)).toEqual([expect.objectContaining({ kind: "added", path: ["new"] })]);
  });

  it("is none where instances of a registered class are equal", async () => {
    const ctx = await open({ classes: [moneyClass] }).context("run", { initial: { price: new Money(5) } });
    await ctx.set("n", 1);

    expect((await ctx.diff(0)).map(({ path }) => path)).toEqual([["n"]]);
  });
});
