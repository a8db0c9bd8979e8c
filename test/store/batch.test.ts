import { describe, expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { type ContextError, openMemoryStore } from "../../src/index.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("a batch", ({ open, reopen }) => {
  it("is one event and one version for each effective operation, joined by a batch id", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    const result = await ctx.batch(() => {
      void ctx.set("a", 1);
      void ctx.set("a", 2);
      void ctx.update({ b: 1, c: 1 });
      void ctx.setEphemeral("progress", 1);
      void ctx.delete("absent");
      return "done";
    });

    expect(result).toBe("done");
    const [created, ...events] = await ctx.history();
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ["value_set", 1],
      ["values_updated", 2],
      ["ephemeral_set", 2],
    ]);
    expect(created!.batch).toBeNull();
    expect(new Set(events.map(({ batch }) => batch)).size).toBe(1);
    expect(events[0]!.batch).toEqual(expect.any(String));
  });

  it("shows its own writes while it runs, and nobody else's state before it has ended", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });
    const seen: unknown[] = [];

    await ctx.batch(() => {
      void ctx.set("a", 2);
      void ctx.set("b", 1);
      seen.push(ctx.get("a"), ctx.has("b"), ctx.version, { ...ctx.data });
    });

    expect(seen).toEqual([2, true, 2, { a: 2, b: 1 }]);
  });

  it("leaves nothing if it throws", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 } });
    const failure = new Error("stop");

    const thrown = await (async () =>
      ctx.batch(() => {
        void ctx.set("a", 2);
        void ctx.snapshot("inside");
        throw failure;
      }))().catch((error: unknown) => error);

    expect(thrown).toBe(failure);
    expect([ctx.get("a"), ctx.version, ctx.sequence, ctx.snapshots()]).toEqual([1, 0, 1, []]);
    expect((await (await reopen(store)).context("run")).sequence).toBe(1);
  });

  it("leaves nothing if one of its writes is refused and nobody catches that", async () => {
    const ctx = await open().context("run", { initial: { goal: "g" }, protect: ["goal"] });

    const refusal = await refusalOf(() =>
      ctx.batch(() => {
        void ctx.set("a", 1);
        void ctx.set("goal", "other");
      }),
    );

    expect(refusal.code).toBe("KEY_PROTECTED");
    expect([ctx.has("a"), ctx.sequence]).toEqual([false, 1]);
  });

  it("joins a batch that it is in", async () => {
    const ctx = await open().context("run");

    await ctx.batch(() => {
      void ctx.set("a", 1);
      void ctx.batch(() => {
        void ctx.set("b", 1);
      });
      void ctx.set("c", 1);
    });

    const batches = (await ctx.history({ type: "value_set" })).map(({ batch }) => batch);
    expect([batches.length, new Set(batches).size]).toEqual([3, 1]);
  });

  it("refuses a function that returns a promise, and writes nothing", async () => {
    const ctx = await open().context("run");

    const refusal = await refusalOf(() =>
      ctx.batch(async () => {
        void ctx.set("a", 1);
      }),
    );

    expect(refusal).toMatchObject({ code: "WORK_ASYNCHRONOUS", details: { verb: "batch" } });
    expect([ctx.has("a"), ctx.sequence]).toEqual([false, 1]);
  });

  it("may take snapshots, which mark the version that it has reached", async () => {
    const ctx = await open().context("run");

    await ctx.batch(() => {
      void ctx.set("a", 1);
      void ctx.snapshot("middle");
      void ctx.set("a", 2);
    });

    expect(ctx.snapshots()).toMatchObject([{ reason: "middle", version: 1 }]);
    expect((await ctx.at("@snapshot:middle")).data).toEqual({ a: 1 });
  });

  it("refuses what concerns the whole store", async () => {
    const store = open();
    const ctx = await store.context("run");
    const refusals: Promise<ContextError>[] = [];

    await ctx.batch(() => {
      refusals.push(
        refusalOf(() => store.delete("run")),
        refusalOf(() => store.rebuild()),
        refusalOf(() => store.context("new")),
        refusalOf(() => store.load("x.jsonl")),
        refusalOf(() => store.close()),
      );
    });

    for (const refusal of refusals) expect((await refusal).code).toBe("BATCH_UNSUPPORTED");
    expect((await store.contexts()).length).toBe(1);
    await ctx.set("a", 1);
    expect(ctx.get("a")).toBe(1);
  });
});

describe("a batch on an engine that answers at once", () => {
  it("sees its own past, and can restore it", () => {
    const ctx = openMemoryStore().context("run", { initial: { a: 1 } });

    ctx.batch(() => {
      ctx.set("a", 2);
      ctx.restore({ version: 0 });
      expect(ctx.at(1).data).toEqual({ a: 2 });
      expect(ctx.changes().length).toBe(3);
      ctx.set("b", 1);
    });

    expect([ctx.persistent, ctx.version]).toEqual([{ a: 1, b: 1 }, 3]);
  });

  it("lets a refusal be caught, and goes on", () => {
    const ctx = openMemoryStore().context("run", { initial: { goal: "g" }, protect: ["goal"] });

    ctx.batch(() => {
      expect(() => ctx.set("goal", "other")).toThrow();
      ctx.set("a", 1);
    });

    expect(ctx.persistent).toEqual({ goal: "g", a: 1 });
  });

  it("undoes a batch inside it alone when that throws and the throw is caught", () => {
    const ctx = openMemoryStore().context("run");

    ctx.batch(() => {
      ctx.set("a", 1);
      try {
        ctx.batch(() => {
          ctx.set("a", 2);
          ctx.set("b", 2);
          throw new Error("inner");
        });
      } catch {
        expect([ctx.get("a"), ctx.has("b"), ctx.version]).toEqual([1, false, 1]);
      }
      ctx.set("c", 1);
    });

    expect([ctx.persistent, ctx.version]).toEqual([{ a: 1, c: 1 }, 2]);
  });

  it("may span contexts of one store, all or nothing", () => {
    const store = openMemoryStore();
    const [a, b] = [store.context("a"), store.context("b")];

    expect(() =>
      a.batch(() => {
        a.set("n", 1);
        b.set("n", 1);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect([a.has("n"), b.has("n")]).toEqual([false, false]);

    a.batch(() => {
      a.set("n", 1);
      b.set("n", 1);
    });
    expect([a.history().at(-1)!.batch, b.get("n")]).toEqual([b.history().at(-1)!.batch, 1]);
  });
});

eachEngine("an automatic snapshot", ({ open, reopen }) => {
  it("is not taken unless asked for", async () => {
    const ctx = await open().context("run");
    for (let n = 0; n < 20; n += 1) await ctx.set("n", n);

    expect(ctx.snapshots()).toEqual([]);
  });

  it("is taken when so many versions came since the newest snapshot, whoever took that", async () => {
    const ctx = await open().context("run", { autoSnapshot: 3 });
    for (let n = 1; n <= 4; n += 1) {
      await ctx.set("n", n);
      await ctx.setEphemeral("n", n);
    }
    await ctx.snapshot("own");
    for (let n = 5; n <= 8; n += 1) await ctx.set("n", n);

    expect(ctx.snapshots().map(({ reason, version }) => [reason, version])).toEqual([
      ["auto", 3],
      ["own", 4],
      ["auto", 7],
    ]);
  });

  it("waits for the end of a batch", async () => {
    const ctx = await open().context("run", { autoSnapshot: 3 });

    await ctx.batch(() => {
      for (let n = 1; n <= 7; n += 1) void ctx.set("n", n);
    });

    expect(ctx.snapshots().map(({ version }) => version)).toEqual([7]);
  });

  it("is asked for at every opening, and is refused a nonsensical number", async () => {
    const store = open();
    await store.context("run", { autoSnapshot: 1 });
    const reopened = await reopen(store);
    const ctx = await reopened.context("run");
    await ctx.set("a", 1);

    expect(ctx.snapshots()).toEqual([]);
    for (const autoSnapshot of [-1, 1.5, Number.NaN]) {
      expect((await refusalOf(() => reopened.context("x", { autoSnapshot }))).code).toBe("OPTION_INVALID");
    }
    expect(await reopened.find("x")).toBeUndefined();
  });
});
