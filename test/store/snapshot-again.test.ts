import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

eachEngine("a snapshot asked for again under its idempotency key", ({ open }) => {
  it("is the first one, in the list or not", async () => {
    const ctx = await open({ retention: { snapshots: 1 } }).context("run");
    const ask = () => ctx.snapshot("first", { metadata: { round: 1 }, idempotencyKey: "first" });
    const first = await ask();

    const listed = await ask();
    await ctx.set("n", 1);
    await ctx.snapshot("second");
    const trimmed = await ask();

    expect(listed).toEqual(first);
    expect(trimmed).toEqual(first);
    expect(ctx.snapshots().map(({ reason }) => reason)).toEqual(["second"]);
  });
});
