import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Context, Mode, StrategyName } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

type Ctx = Context<Record<string, unknown>, Mode>;

/** Runs a phase whose merge is refused, since what it and another changed is not the same; gives its id. */
async function leaveUnmerged(ctx: Ctx, brought: Record<string, unknown>): Promise<string> {
  const refusal = await refusalOf(() =>
    ctx.phase(
      "p",
      async (copy) => {
        Object.assign(copy, brought, { contested: "theirs" });
        await ctx.set("contested", `ours at ${ctx.version}`);
        return "hours of work";
      },
      { merge: "threeWay" },
    ),
  );
  expect(refusal.code).toBe("MERGE_CONFLICT");
  return (await ctx.phases({ status: "unmerged" })).at(-1)!.id;
}

async function mergeAs(ctx: Ctx, strategy: StrategyName, phase: string): Promise<unknown> {
  const { result, written } = await ctx.mergePhase(phase, strategy);
  return [result, written];
}

eachEngine("redacting what phases brought back", ({ open, reopen }) => {
  it("takes a key out of work that waits to be merged, and keeps the rest of it", async () => {
    const store = open();
    const ctx = await store.context("run");
    const phase = await leaveUnmerged(ctx, { token: "s3cret", plan: [1] });

    expect(await ctx.redact("token", "leaked")).toMatchObject({ values: 1, contexts: ["run"] });

    const file = join(temporaryFolder(), "run.jsonl");
    await store.save(file);
    expect(readFileSync(file, "utf8")).not.toContain("s3cret");
    expect((await store.verify()).faults).toEqual([]);
    expect(Object.values((await store.rebuild()).differences).every((count) => count === 0)).toBe(true);
    const again = await (await reopen(store)).context("run");
    expect(await mergeAs(again, "update", phase)).toEqual(["hours of work", ["plan", "contested"]]);
    expect({ ...again.persistent }).toEqual({ contested: "theirs", plan: [1] });
  });

  it("takes a part out of every waiting work that has something there, once", async () => {
    const ctx = await open().context("run", { initial: { config: { url: "a" } } });
    const first = await leaveUnmerged(ctx, { config: { url: "b", key: "s3cret" } });
    const second = await leaveUnmerged(ctx, { config: { url: "c", key: "s3cret too" } });
    const { version } = ctx;

    expect((await ctx.redact("config.key", "leaked")).values).toBe(2);
    expect((await ctx.redact("config.key", "leaked")).values).toBe(0);

    expect([ctx.version, JSON.stringify(await ctx.history())]).toEqual([
      version,
      expect.not.stringContaining("s3cret"),
    ]);
    await ctx.mergePhase(first, "update");
    expect(ctx.get("config")).toEqual({ url: "b" });
    await ctx.mergePhase(second, "update");
    expect(ctx.get("config")).toEqual({ url: "c" });
  });

  it("erases work that was merged since, and leaves waiting work alone if told to keep what is present", async () => {
    const ctx = await open().context("run");
    const merged = await leaveUnmerged(ctx, { token: "s3cret" });
    const waiting = await leaveUnmerged(ctx, { token: "the new one" });
    await ctx.mergePhase(merged, "update");
    await ctx.set("token", "clean");

    // The work, and what its merge wrote.
    expect((await ctx.redact("token", "leaked", { present: "keep" })).values).toBe(2);

    expect(JSON.stringify(await ctx.history())).not.toContain("s3cret");
    expect(ctx.get("token")).toBe("clean");
    await ctx.mergePhase(waiting, "update");
    expect(ctx.get("token")).toBe("the new one");
  });

  it("is refused in a fork where an ancestor kept such work", async () => {
    const ctx = await open().context("run");
    await leaveUnmerged(ctx, { token: "s3cret" });
    const fork = await ctx.fork("fork");

    expect((await refusalOf(() => fork.redact("token", "leaked"))).code).toBe("REDACTION_INHERITED");
    expect((await ctx.redact("token", "leaked")).contexts).toEqual(["run", "fork"]);
    expect(JSON.stringify(await fork.history())).not.toContain("s3cret");
  });

  it.each(["replace", "update", "threeWay"] as const)(
    "does not hinder the work from being merged by %s, nor does the merge bring back what is gone",
    async (strategy) => {
      const ctx = await open().context("run", { initial: { config: { url: "a", key: "s3cret" }, b: 1 } });
      const phase = await leaveUnmerged(ctx, { plan: [1] });
      await ctx.redact("config.key", "leaked");
      await ctx.delete("contested");
      if (strategy === "threeWay") await ctx.set("contested", "theirs");

      await ctx.mergePhase(phase, strategy);

      expect({ ...ctx.persistent }).toEqual({ config: { url: "a" }, b: 1, plan: [1], contested: "theirs" });
    },
  );

  it("does not come back with the copy of a phase that ran meanwhile", async () => {
    const ctx = await open().context("run", { initial: { config: { url: "a", key: "s3cret" }, b: 1 } });

    await ctx.phase(
      "p",
      async (copy) => {
        await ctx.redact("config.key", "leaked");
        copy.b = 2;
      },
      { merge: "replace" },
    );

    expect({ ...ctx.persistent }).toEqual({ config: { url: "a" }, b: 2 });
    expect(JSON.stringify(await ctx.history())).not.toContain("s3cret");
  });
});
