import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { z } from "zod";
import { type Attribution, type ContextEvent, openMemoryStore, runAs } from "../../src/index.js";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

/** Who made the newest event of a context, and why. */
async function newest(ctx: AnyContext): Promise<Pick<ContextEvent, "actor" | "cause" | "tags">> {
  const [event] = await ctx.history({ order: "newest", limit: 1 });
  const { actor, cause, tags } = event!;
  return { actor, cause, tags };
}

async function actorsOf(ctx: AnyContext): Promise<(string | null)[]> {
  return (await ctx.history()).map(({ actor }) => actor);
}

/** What a caller without types may pass. */
const untyped = (given: unknown) => given as Attribution;

eachEngine("a handle for somebody", ({ open, reopen }) => {
  it("says who writes and why, in every verb", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 } });
    const planner = ctx.as({ actor: "planner", cause: "user asked", tags: { request: "r-1" } });

    await planner.set("a", 2);
    await planner.edit("a", () => 3);
    await planner.update({ b: 1 });
    await planner.merge({ c: 1 });
    await planner.delete("c");
    await planner.setEphemeral("progress", 1);
    await planner.clearEphemeral();
    await planner.protect("b");
    await planner.unprotect("b");
    await planner.setMetadata({ owner: "ada" });
    await planner.setLimits({ refuse: { keys: 100 } });
    await planner.restore(await planner.snapshot("s"));
    await planner.phaseContext();
    await planner.batch(() => void planner.set("a", 4));
    await planner.phase("p", (copy) => void (copy.d = 1));
    await planner.rename("renamed");

    const [created, ...events] = await ctx.history();
    expect(created!.actor).toBeNull();
    expect(events.length).toBeGreaterThan(15);
    for (const event of events) {
      expect(event).toMatchObject({ actor: "planner", cause: "user asked", tags: { request: "r-1" } });
    }
    const again = await (await reopen(store)).context("renamed");
    expect(await newest(again)).toEqual({
      actor: "planner",
      cause: "user asked",
      tags: { request: "r-1" },
    });
  });

  it("is the same context, and leaves the handle it comes from as it was", async () => {
    const ctx = await open().context("run");
    const planner = ctx.as({ actor: "planner" });

    await planner.set("a", 1);
    await ctx.set("b", 2);

    expect([planner.id, planner.version, planner.get("b"), ctx.get("a")]).toEqual(["run", 2, 2, 1]);
    expect(await actorsOf(ctx)).toEqual([null, "planner", null]);
  });

  it("adds to the handle it comes from: tags add up, and later words come first", async () => {
    const ctx = await open().context("run");
    const outer = ctx.as({ actor: "planner", cause: "user asked", tags: { request: "r-1", try: "1" } });

    await outer.as({ actor: "writer", tags: { try: "2" } }).set("a", 1);

    expect(await newest(ctx)).toEqual({
      actor: "writer",
      cause: "user asked",
      tags: { request: "r-1", try: "2" },
    });
  });

  it("speaks for all that is written in its batches and phases, by whichever handle", async () => {
    const store = open();
    const [ctx, other] = [await store.context("run"), await store.context("other")];
    const planner = ctx.as({ actor: "planner" });

    await planner.batch(() => {
      void ctx.set("a", 1);
      void ctx.as({ actor: "writer" }).set("b", 1);
    });
    await planner.phase("p", async () => {
      await nextTurn();
      await other.set("a", 2);
    });

    expect((await actorsOf(ctx)).slice(0, 3)).toEqual([null, "planner", "writer"]);
    expect(await actorsOf(other)).toEqual([null, "planner"]);
  });

  it("keeps what it was told, whatever becomes of the object it was told in", async () => {
    const ctx = await open().context("run");
    const said = { actor: "planner", tags: { request: "r-1" } };
    const planner = ctx.as(said);

    said.actor = "eve";
    said.tags.request = "r-2";
    await planner.set("a", 1);

    expect(await newest(ctx)).toMatchObject({ actor: "planner", tags: { request: "r-1" } });
  });

  it("keeps the schema of the context", async () => {
    const ctx = await open().context("run", { schema: { n: z.number() } });

    const refusal = await refusalOf(() => ctx.as({ actor: "planner" }).set("n", "one" as never));

    expect(refusal.code).toBe("VALUE_REJECTED");
  });

  it.each([
    null,
    "planner",
    { actor: 1 },
    { actor: "\ud800" },
    { cause: {} },
    { tags: "a" },
    { tags: { a: 1 } },
    { tags: { a: "\udfff" } },
  ])("is refused at once where it makes no sense: %j", async (given) => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.as(untyped(given)))).code).toBe("OPTION_INVALID");
    expect((await refusalOf(() => runAs(untyped(given), () => ctx.set("a", 1)))).code).toBe("OPTION_INVALID");
    expect(ctx.sequence).toBe(1);
  });

  it("refuses options that are nothing at all, as any handle does", async () => {
    const planner = (await open().context("run")).as({ actor: "planner" });

    expect((await refusalOf(() => planner.delete("a", null as never))).code).toBe("OPTION_INVALID");
  });
});

eachEngine("a scope", ({ open }) => {
  it("says who writes in it: across awaits, in every context, and about contexts too", async () => {
    const store = open();
    const ctx = await store.context("run");

    await runAs({ actor: "planner", cause: "user asked" }, async () => {
      await nextTurn();
      await ctx.set("a", 1);
      await store.context("fresh");
      await nextTurn();
      await ctx.batch(() => void ctx.set("b", 1));
    });
    await ctx.set("c", 1);

    expect(await actorsOf(ctx)).toEqual([null, "planner", "planner", null]);
    expect(await actorsOf(await store.context("fresh"))).toEqual(["planner"]);
  });

  it("gives what its work gives, or throws what that throws", async () => {
    const failure = new Error("no");

    expect(runAs({}, () => 1)).toBe(1);
    await expect(runAs({}, async () => "later")).resolves.toBe("later");
    expect(() =>
      runAs({}, () => {
        throw failure;
      }),
    ).toThrow(failure);
  });

  it("adds to the scope around it, and ends with its work", async () => {
    const ctx = await open().context("run");

    await runAs({ actor: "planner", tags: { request: "r-1", try: "1" } }, async () => {
      await runAs({ cause: "plan", tags: { try: "2" } }, () => ctx.set("a", 1));
      expect(await newest(ctx)).toEqual({
        actor: "planner",
        cause: "plan",
        tags: { request: "r-1", try: "2" },
      });
      await ctx.set("a", 2);
    });

    expect(await newest(ctx)).toEqual({
      actor: "planner",
      cause: null,
      tags: { request: "r-1", try: "1" },
    });
  });

  it("is kept apart from the scopes of what runs side by side", async () => {
    const ctx = await open().context("run");
    const work = (actor: string) =>
      runAs({ actor }, async () => {
        for (let n = 0; n < 5; n += 1) {
          await ctx.set(actor, n);
          await nextTurn();
        }
      });

    await Promise.all([work("planner"), work("writer"), work("critic")]);

    const events = (await ctx.history()).filter(({ type }) => type === "value_set");
    expect(events.map(({ actor }) => actor)).toEqual(events.map(({ effects }) => effects[0]!.key));
    expect(events).toHaveLength(15);
  });

  it("is the caller's, however long the write waits for its turn", async () => {
    const ctx = await open().context("run");

    await Promise.all<unknown>([
      runAs({ actor: "planner" }, () => ctx.set("a", 1)),
      runAs({ actor: "writer" }, () => ctx.batch(() => void ctx.set("b", 1))),
      ctx.set("c", 1),
    ]);

    expect(await actorsOf(ctx)).toEqual([null, "planner", "writer", null]);
  });
});

eachEngine("the more specific word", ({ open }) => {
  it("comes first: the call, the handle, the scope, the store; and tags add up", async () => {
    const tags = (by: string, ...names: string[]) => Object.fromEntries(names.map((name) => [name, by]));
    const store = open({ actor: "store", cause: "store", tags: tags("store", "a", "b", "c", "d") });
    const ctx = await store.context("run");
    const handle = ctx.as({ actor: "handle", tags: tags("handle", "c", "d") });

    await runAs({ actor: "scope", cause: "scope", tags: tags("scope", "b", "c", "d") }, async () => {
      await handle.set("a", 1, { tags: tags("call", "d") });
      expect(await newest(ctx)).toEqual({
        actor: "handle",
        cause: "scope",
        tags: { a: "store", b: "scope", c: "handle", d: "call" },
      });
      await handle.set("a", 2, { actor: "call" });
      expect((await newest(ctx)).actor).toBe("call");
      await ctx.set("a", 3);
      expect((await newest(ctx)).actor).toBe("scope");
    });
    await ctx.set("a", 4);
    expect((await newest(ctx)).actor).toBe("store");
  });

  it("of a batch is a scope for what is written in it", async () => {
    const ctx = await open().context("run");
    const handle = ctx.as({ actor: "handle" });

    await handle.batch(
      () => {
        void ctx.set("a", 1);
        void handle.set("b", 1);
      },
      { actor: "batch", tags: { round: "3" } },
    );

    const [, plain, own] = await ctx.history();
    expect([plain!.actor, own!.actor]).toEqual(["batch", "handle"]);
    expect([plain!.tags, own!.tags]).toEqual([{ round: "3" }, { round: "3" }]);
  });
});

it("a handle's dictionary says who assigns", () => {
  const ctx = openMemoryStore().context<{ step?: number }>("run", { initial: { step: 1 } });
  const { data } = ctx.as({ actor: "planner" });

  data.step = 2;
  delete data.step;

  expect(ctx.history().map(({ actor }) => actor)).toEqual([null, "planner", "planner"]);
});
