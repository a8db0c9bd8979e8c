import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

eachEngine("a phase with a once-id", ({ open, reopen }) => {
  it("is not run again when it has finished, before a restart too", async () => {
    const store = open();
    const works: string[] = [];
    const work = (name: string) => (copy: Record<string, unknown>) => {
      works.push(name);
      copy.a = name;
      return { at: new Date(0), name };
    };
    const ctx = await store.context("run");
    const first = await ctx.phase("p", work("first"), { once: "p1" });
    await ctx.set("b", 1);

    const second = await ctx.phase("p", work("second"), { once: "p1" });
    const again = await (await reopen(store)).context("run");
    const { sequence } = again;
    const third = await again.phase("p", work("third"), { once: "p1" });

    expect(works).toEqual(["first"]);
    expect(second).toEqual({ ...first, outcome: "repeated" });
    expect(third).toEqual({ ...first, outcome: "repeated" });
    expect([again.persistent, again.sequence]).toEqual([{ a: "first", b: 1 }, sequence]);
  });

  it("is run again when it failed, and when it was unmerged", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    await ctx.phase("p", () => Promise.reject(new Error("no")), { once: "p1" }).catch(() => undefined);
    await ctx
      .phase(
        "p",
        async (copy) => {
          copy.a = 2;
          await ctx.set("a", 3);
        },
        { once: "p1", merge: "threeWay" },
      )
      .catch(() => undefined);

    const { outcome } = await ctx.phase("p", () => "ran", { once: "p1" });

    expect(outcome).toBe("merged");
    expect((await ctx.phases()).map(({ status, once }) => [status, once])).toEqual([
      ["failed", "p1"],
      ["unmerged", "p1"],
      ["finished", "p1"],
    ]);
  });

  it("is one thing for each once-id, whatever the phase is called", async () => {
    const ctx = await open().context("run");
    await ctx.phase("p", () => 1, { once: "one" });

    expect((await ctx.phase("p", () => 2, { once: "two" })).result).toBe(2);
    expect((await ctx.phase("other", () => 3, { once: "one" })).result).toBe(1);
    expect((await ctx.phase("p", () => 4)).result).toBe(4);
  });

  it("is unfinished again after a restore to before its finish, and finished after one to later", async () => {
    const ctx = await open().context("run");
    const start = await ctx.snapshot("start");
    await ctx.phase("p", (copy) => void (copy.a = 1), { once: "p1" });
    const end = await ctx.snapshot("end");
    await ctx.restore(start);

    const second = await ctx.phase("p", () => "ran again", { once: "p1" });
    expect(second).toMatchObject({ outcome: "merged", result: "ran again" });

    await ctx.restore(end);
    expect(await ctx.phase("p", () => "ran", { once: "p1" })).toMatchObject({
      outcome: "repeated",
      result: undefined,
    });
  });

  it("that another run finished meanwhile is told so, and the other's result stands", async () => {
    const ctx = await open().context("run");

    const slow = await ctx.phase(
      "p",
      async (copy) => {
        copy.a = "slow";
        await ctx.phase("p", (own) => void (own.a = "fast"), { once: "p1" });
        return "slow";
      },
      { once: "p1", merge: "update" },
    );

    expect(slow).toMatchObject({ outcome: "superseded", result: undefined, written: ["a"] });
    expect(ctx.get("a")).toBe("fast");
    expect((await ctx.history({ type: "phase_superseded" })).length).toBe(1);
    expect(ctx.snapshots().filter(({ reason }) => reason === "after_p_phase").length).toBe(1);
  });

  it("records a result that is a typed value exactly, and a missing one", async () => {
    const store = open();
    const ctx = await store.context("run");
    const result = { big: 1n, map: new Map([["a", Number.NaN]]) };
    await ctx.phase("p", () => result, { once: "typed" });
    await ctx.phase("p", () => undefined, { once: "nothing" });

    const again = await (await reopen(store)).context("run");

    expect((await again.phase("p", () => 0, { once: "typed" })).result).toEqual(result);
    expect((await again.phase("p", () => 0, { once: "nothing" })).result).toBeUndefined();
  });
});
