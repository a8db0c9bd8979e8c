import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMemoryStore } from "../../src/index.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

const open = () => openMemoryStore({ mode: "async" });

describe("writes that nobody waited for, on an engine that answers later", () => {
  it("happen in the order of their calls", async () => {
    const ctx = await open().context("run");

    void ctx.set("a", 1);
    void ctx.update({ b: 1 });
    void ctx.delete("a");
    const snapshot = ctx.snapshot("s");
    await ctx.set("a", 2);

    expect((await ctx.history()).map(({ type }) => type)).toEqual([
      "context_created",
      "value_set",
      "values_updated",
      "value_deleted",
      "snapshot_taken",
      "value_set",
    ]);
    expect((await snapshot).version).toBe(3);
    expect([ctx.keys(), ctx.version]).toEqual([["b", "a"], 4]);
  });

  it("are all there when the store has closed", async () => {
    const store = open();
    const ctx = await store.context("run");
    const done: string[] = [];
    for (const key of ["a", "b"]) void ctx.set(key, 1).then(() => done.push(key));

    await store.close();

    expect(done).toEqual(["a", "b"]);
  });

  it("are of what the caller gave at the call, whatever it changes afterwards", async () => {
    const ctx = await open().context("run");
    const given = { list: [1] };
    void ctx.set("first", 1);
    void ctx.set("set", given);
    void ctx.update({ update: given });
    void ctx.merge({ merge: given });
    void ctx.setMetadata({ given });
    const last = ctx.snapshot("s", { metadata: { given } });

    given.list.push(2);

    expect((await last).metadata).toEqual({ given: { list: [1] } });
    expect(ctx.metadata).toEqual({ given: { list: [1] } });
    expect(ctx.persistent).toEqual({
      first: 1,
      set: { list: [1] },
      update: { list: [1] },
      merge: { list: [1] },
    });
  });

  it("poison what is queued behind a failure, which is told as the cause", async () => {
    const ctx = await open().context("run", { initial: { goal: 1 }, protect: ["goal"] });
    const refused = refusalOf(() => ctx.set("goal", 2));
    const behind = refusalOf(() => ctx.set("a", 1));
    const last = refusalOf(() => ctx.set("b", 1));

    expect((await refused).code).toBe("KEY_PROTECTED");
    expect(await behind).toMatchObject({ code: "QUEUE_POISONED", cause: { code: "KEY_PROTECTED" } });
    expect(await last).toMatchObject({ code: "QUEUE_POISONED" });
    expect(ctx.sequence).toBe(1);
    await ctx.set("a", 2);
    expect(ctx.get("a")).toBe(2);
  });

  it("of other contexts are not held up by a failure", async () => {
    const store = open();
    const a = await store.context("a", { initial: { goal: 1 }, protect: ["goal"] });
    const b = await store.context("b");
    const refused = refusalOf(() => a.set("goal", 2));

    await b.set("n", 1);

    expect([(await refused).code, b.get("n")]).toEqual(["KEY_PROTECTED", 1]);
  });

  it("may fail without anybody looking, and closing then tells", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { goal: 1 }, protect: ["goal"] });
    const lost = refusalOf(() => ctx.set("goal", 2));

    expect(await refusalOf(() => store.close())).toMatchObject({ code: "KEY_PROTECTED" });
    expect((await lost).code).toBe("KEY_PROTECTED");
    expect((await refusalOf(() => ctx.set("a", 1))).code).toBe("STORE_CLOSED");
  });

  it("end before the store closes, with what they give, and so do reads", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { n: 1 } });
    const edited = ctx.edit("n", (n) => (n as number) + 1);
    const protectedNow = ctx.protect("n");
    const [history, view, stats] = [ctx.history(), ctx.at("@latest"), store.stats()];

    await store.close();

    expect([await edited, await protectedNow]).toEqual([2, true]);
    expect([(await history).length, (await view).get("n")]).toEqual([3, 2]);
    expect(await stats).toMatchObject({ contexts: 1 });
  });

  it("of one context end before the store closes, though another's fail; closing tells of the first", async () => {
    const store = open();
    const a = await store.context("a", { initial: { goal: 1 }, protect: ["goal"] });
    const b = await store.context("b");
    const poisoned = [a.set("goal", 2), a.set("x", 1)].map((write) => refusalOf(() => write));
    const queued = ["x", "y", "z"].map((key) => b.set(key, 1));

    expect((await refusalOf(() => store.close())).code).toBe("KEY_PROTECTED");

    await Promise.all(queued);
    expect((await Promise.all(poisoned)).map(({ code }) => code)).toEqual([
      "KEY_PROTECTED",
      "QUEUE_POISONED",
    ]);
  });

  it("are seen by what is read after they were called, and not by what was read before", async () => {
    const ctx = await open().context("run");

    void ctx.set("a", 1);
    void ctx.set("a", 2);
    const [view, history, changes, stats, phases] = [
      ctx.at("@latest"),
      ctx.history(),
      ctx.changes(),
      ctx.stats(),
      ctx.phases(),
    ];
    void ctx.set("a", 3);

    expect((await view).get("a")).toBe(2);
    expect([(await history).length, (await changes).length, (await stats).version]).toEqual([3, 2, 2]);
    expect(await phases).toEqual([]);
  });

  it("do not make a read fail that comes after one that failed", async () => {
    const ctx = await open().context("run", { initial: { goal: 1 }, protect: ["goal"] });
    const refused = refusalOf(() => ctx.set("goal", 2));

    expect((await ctx.at("@latest")).get("goal")).toBe(1);
    expect((await refused).code).toBe("KEY_PROTECTED");
  });

  it("come before what is done to the store as a whole after them", async () => {
    const store = open();
    const ctx = await store.context("run");
    const file = join(temporaryFolder(), "run.jsonl");

    const writes = ["a", "b", "c"].map((key) => ctx.set(key, 1));
    const [saved, rebuilt, listed] = [store.save(file), store.rebuild(), store.contexts()];
    const deleted = store.delete("run");

    await Promise.all(writes);
    expect([await saved, (await rebuilt).events, (await listed)[0]?.version]).toEqual([
      { contexts: 1, events: 4 },
      4,
      3,
    ]);
    expect(await deleted).toBe(true);
  });

  it("do not go through ctx.data, which is read-only there", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    expect((await refusalOf(() => (ctx.data.a = 2))).code).toBe("NOT_SUPPORTED");
    expect((await refusalOf(() => delete ctx.data.a)).code).toBe("NOT_SUPPORTED");
    expect([ctx.data.a, "a" in ctx.data, { ...ctx.data }]).toEqual([1, true, { a: 1 }]);
  });

  it("make the batch fail that they are refused in, before they begin too", async () => {
    const ctx = await open().context("run");

    const refusal = await refusalOf(() =>
      ctx.batch(() => {
        void ctx.set("a", 1);
        void ctx.set("f", () => 1);
      }),
    );

    expect([refusal.code, ctx.has("a")]).toEqual(["VALUE_UNSUPPORTED", false]);
  });

  it("reject, and never throw, when they are refused", async () => {
    const store = open();
    const ctx = await store.context("run");

    const codes = await Promise.all(
      [
        () => ctx.set("a", () => 1),
        () => store.context(""),
        () => ctx.at("nonsense"),
        () => store.delete("run", { actor: 1 as unknown as string }),
      ].map((ask) =>
        ask().then(
          () => "done",
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    );

    expect(codes).toEqual(["VALUE_UNSUPPORTED", "ID_INVALID", "ADDRESS_INVALID", "OPTION_INVALID"]);
  });
});
