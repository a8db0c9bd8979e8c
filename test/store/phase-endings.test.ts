import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("a phase", ({ open, reopen }) => {
  it("that throws is recorded as failed, leaves the state untouched and throws on", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    const failure = new TypeError("no network");

    const thrown = await ctx
      .phase("p", (copy) => {
        copy.a = 2;
        throw failure;
      })
      .catch((error: unknown) => error);

    expect(thrown).toBe(failure);
    expect([ctx.persistent, ctx.version]).toEqual([{ a: 1 }, 0]);
    expect(await ctx.phases()).toMatchObject([{ name: "p", status: "failed" }]);
    const [failed] = await ctx.history({ type: "phase_failed" });
    expect(failed!.details).toMatchObject({ name: "p", error: { name: "TypeError", message: "no network" } });
  });

  it("that brings back what cannot be stored fails with its path, and leaves nothing", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    const work = (copy: Record<string, unknown>) => {
      copy.plan = { steps: [1, { run: () => 1 }] };
      copy.b = 1;
    };

    const refusal = await refusalOf(() => ctx.phase("p", work));

    expect(refusal).toMatchObject({ code: "VALUE_UNSUPPORTED", details: { path: "plan.steps[1].run" } });
    expect(ctx.persistent).toEqual({ a: 1 });
    expect((await ctx.phases()).map(({ status }) => status)).toEqual(["failed"]);
  });

  it("that its signal stops is given up, and recorded as failed", async () => {
    const ctx = await open().context("run");
    const controller = new AbortController();

    const refusal = await refusalOf(() =>
      ctx.phase(
        "p",
        (copy, { signal }) =>
          new Promise((resolve) => {
            copy.a = 1;
            signal.addEventListener("abort", resolve);
            controller.abort(new Error("stop"));
          }),
        { signal: controller.signal },
      ),
    );

    expect(refusal).toMatchObject({ code: "PHASE_ABORTED", details: { phase: "p" } });
    expect(refusal.cause).toMatchObject({ message: "stop" });
    expect([ctx.persistent, (await ctx.phases())[0]!.status]).toEqual([{}, "failed"]);
  });

  it("is not begun when its signal has aborted already", async () => {
    const ctx = await open().context("run");
    const works: string[] = [];

    const refusal = await refusalOf(() =>
      ctx.phase("p", () => works.push("ran"), { signal: AbortSignal.abort() }),
    );

    expect([refusal.code, works]).toEqual(["PHASE_ABORTED", []]);
  });

  it("keeps changes and result when its merge is refused, to be merged later", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1, b: 1 } });
    const refusal = await refusalOf(() =>
      ctx.phase(
        "p",
        async (copy) => {
          copy.a = 2;
          copy.new = { at: new Date(0) };
          delete copy.b;
          await ctx.set("a", 3);
          return "hours of work";
        },
        { merge: "threeWay" },
      ),
    );
    expect(refusal).toMatchObject({ code: "MERGE_CONFLICT", details: { keys: ["a"] } });
    expect(ctx.persistent).toEqual({ a: 3, b: 1 });

    const again = await (await reopen(store)).context("run");
    const [unmerged] = await again.phases({ status: "unmerged" });
    expect((refusal.details as { phase?: string }).phase).toBe(unmerged!.id);
    expect((await refusalOf(() => again.mergePhase(unmerged!.id, "threeWay"))).code).toBe("MERGE_CONFLICT");
    const outcome = await again.mergePhase(unmerged!.id, "update");

    expect(outcome).toMatchObject({ result: "hours of work", written: ["a", "new"], outcome: "merged" });
    expect(again.persistent).toEqual({ a: 2, b: 1, new: { at: new Date(0) } });
    expect((await again.phases()).map(({ status }) => status)).toEqual(["finished"]);
    expect((await refusalOf(() => again.mergePhase(unmerged!.id, "update"))).code).toBe("PHASE_NOT_FOUND");
  });

  it("keeps its work when a limit refuses it", async () => {
    const ctx = await open().context("run", { limits: { refuse: { keys: 1 } } });

    const refusal = await refusalOf(() =>
      ctx.phase("p", (copy) => {
        Object.assign(copy, { a: 1, b: 1 });
      }),
    );
    expect(refusal.code).toBe("LIMIT_EXCEEDED");
    await ctx.setLimits({ refuse: { keys: 2 } });
    const [unmerged] = await ctx.phases({ status: "unmerged" });
    await ctx.mergePhase(unmerged!.id, "safe");

    expect(ctx.persistent).toEqual({ a: 1, b: 1 });
  });
});
