import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("an expected version", ({ open }) => {
  it("lets a write through at that version", async () => {
    const ctx = await open().context("run");

    await ctx.set("a", 1, { expectedVersion: 0 });
    await ctx.merge({ b: 1 }, "safe", { expectedVersion: 1 });
    await ctx.delete("a", { expectedVersion: 2 });

    expect(ctx.version).toBe(3);
  });

  it("refuses it at any other, listing what came between without values", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", "secret");
    await ctx.setEphemeral("e", "secret");
    await ctx.update({ b: "secret", c: "secret" });

    for (const write of [
      () => ctx.set("x", 1, { expectedVersion: 1 }),
      () => ctx.update({ x: 1 }, { expectedVersion: 1 }),
      () => ctx.delete("absent", { expectedVersion: 1 }),
      () => ctx.edit("x", () => 1, { expectedVersion: 1 }),
      () => ctx.setEphemeral("x", 1, { expectedVersion: 1 }),
      () => ctx.clearEphemeral({ expectedVersion: 1 }),
      () => ctx.merge({ x: 1 }, "safe", { expectedVersion: 1 }),
      () => ctx.protect("x", { expectedVersion: 1 }),
      () => ctx.snapshot("x", { expectedVersion: 1 }),
      () => ctx.restore({ version: 0 }, { expectedVersion: 1 }),
      () => ctx.setMetadata({ x: 1 }, { expectedVersion: 1 }),
      () => ctx.rename("other", { expectedVersion: 1 }),
    ]) {
      const refusal = await refusalOf(write);
      expect(refusal).toMatchObject({
        code: "VERSION_CONFLICT",
        details: {
          context: "run",
          expected: 1,
          actual: 2,
          between: [{ sequence: 4, version: 2, type: "values_updated", keys: ["b", "c"] }],
        },
      });
      expect(JSON.stringify(refusal.details) + refusal.message).not.toContain("secret");
    }
    expect(ctx.sequence).toBe(4);
  });

  it("is checked before the rule that an equal value is no write", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    expect((await refusalOf(() => ctx.set("a", 1, { expectedVersion: 7 }))).code).toBe("VERSION_CONFLICT");
    expect((await refusalOf(() => ctx.update({}, { expectedVersion: 7 }))).code).toBe("VERSION_CONFLICT");
  });

  it("lists nothing where a version ahead of the present one is expected", async () => {
    const ctx = await open().context("run");

    const { details } = await refusalOf(() => ctx.set("a", 1, { expectedVersion: 7 }));

    expect(details).toMatchObject({ expected: 7, actual: 0, between: [] });
  });

  it("is refused where it is no version", async () => {
    const ctx = await open().context("run");

    const refusal = await refusalOf(() => ctx.set("a", 1, { expectedVersion: "1" as unknown as number }));

    expect(refusal.code).toBe("OPTION_INVALID");
  });
});

eachEngine("edit", ({ open }) => {
  it("changes a draft, or gives a new value", async () => {
    const ctx = await open().context("run", { initial: { plan: { steps: [{ done: false }] }, n: 1 } });

    await ctx.edit("plan", (draft) => {
      (draft as { steps: { done: boolean }[] }).steps[0]!.done = true;
    });
    await ctx.edit("n", (n) => (n as number) + 1);
    await ctx.edit("new", (draft) => [draft]);

    expect(ctx.persistent).toEqual({ plan: { steps: [{ done: true }] }, n: 2, new: [undefined] });
    expect((await ctx.changes()).slice(1).map(({ operation }) => operation)).toEqual([
      "edit",
      "edit",
      "edit",
    ]);
  });

  it("loses no increment of writes that nobody waited for", async () => {
    const ctx = await open().context("run", { initial: { n: 0 } });

    await Promise.all(Array.from({ length: 20 }, () => ctx.edit("n", (n) => (n as number) + 1)));

    expect([ctx.get("n"), ctx.version]).toEqual([20, 20]);
  });

  it("refuses a function that returns a promise", async () => {
    const ctx = await open().context("run", { initial: { n: 0 } });

    const refusal = await refusalOf(() => ctx.edit("n", async () => 1));

    expect(refusal).toMatchObject({ code: "WORK_ASYNCHRONOUS", details: { verb: "edit" } });
    expect([ctx.get("n"), ctx.sequence]).toEqual([0, 1]);
  });

  it("leaves nothing when the function throws or brings what cannot be stored", async () => {
    const ctx = await open().context("run", { initial: { plan: { steps: [1] } } });
    const failure = new Error("stop");
    const thrown = await (async () =>
      ctx.edit("plan", (draft) => {
        (draft as { steps: number[] }).steps.push(2);
        throw failure;
      }))().catch((error: unknown) => error);

    expect(thrown).toBe(failure);
    const refusal = await refusalOf(() => ctx.edit("plan", () => ({ run: () => 1 })));
    expect(refusal).toMatchObject({ code: "VALUE_UNSUPPORTED", details: { path: "plan.run" } });
    expect([ctx.get("plan"), ctx.sequence]).toEqual([{ steps: [1] }, 1]);
  });

  it("refuses to make an undefined value", async () => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.edit("absent", () => undefined))).code).toBe("VALUE_UNSUPPORTED");
  });
});

eachEngine("an idempotency key", ({ open, reopen }) => {
  it("makes a repeated command return the first one's outcome and write nothing", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1 } });
    const key = { idempotencyKey: "k" };
    expect(await ctx.delete("a", key)).toBe(true);
    await ctx.set("a", 2);
    const { sequence } = ctx;

    expect(await ctx.delete("a", key)).toBe(true);
    const again = await (await reopen(store)).context("run");
    expect(await again.delete("a", key)).toBe(true);

    expect([again.get("a"), again.sequence]).toEqual([2, sequence]);
  });

  it("gives back the outcome of every verb", async () => {
    const ctx = await open().context("run", { initial: { goal: 1 }, protect: ["goal"] });
    const verbs: Record<string, (options: { idempotencyKey: string }) => unknown> = {
      set: (options) => ctx.set("a", 1, options),
      edit: (options) => ctx.edit("a", () => 2, options),
      setEphemeral: (options) => ctx.setEphemeral("e", 1, options),
      clearEphemeral: (options) => ctx.clearEphemeral(options),
      update: (options) => ctx.update({ b: 1, goal: 2 }, options),
      merge: (options) => ctx.merge({ c: 1, goal: 2 }, "update", options),
      protect: (options) => ctx.protect("x", options),
      unprotect: (options) => ctx.unprotect("x", options),
      snapshot: (options) => ctx.snapshot("s", options),
      restore: (options) => ctx.restore({ version: 0 }, options),
      setMetadata: (options) => ctx.setMetadata({ owner: "ann" }, options),
      setLimits: (options) => ctx.setLimits({ warn: { keys: 5 } }, options),
      rename: (options) => ctx.rename("other", options),
    };
    for (const [verb, write] of Object.entries(verbs)) {
      const first = await write({ idempotencyKey: verb });
      await ctx.set("n", verb);
      const { sequence } = ctx;

      expect([verb, await write({ idempotencyKey: verb })]).toEqual([verb, first]);

      expect([verb, ctx.sequence]).toEqual([verb, sequence]);
    }
  });

  it("refuses another command", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", 1, { idempotencyKey: "k" });

    for (const write of [
      () => ctx.set("a", 2, { idempotencyKey: "k" }),
      () => ctx.set("b", 1, { idempotencyKey: "k" }),
      () => ctx.set("a", 1, { idempotencyKey: "k", protect: true }),
      () => ctx.delete("a", { idempotencyKey: "k" }),
    ]) {
      expect(await refusalOf(write)).toMatchObject({
        code: "IDEMPOTENCY_MISMATCH",
        details: { context: "run", idempotencyKey: "k", sequence: 2 },
      });
    }
    expect([ctx.get("a"), ctx.sequence]).toEqual([1, 2]);
  });

  it("counts in its own context only", async () => {
    const store = open();
    const [a, b] = [await store.context("a"), await store.context("b")];
    await a.set("n", 1, { idempotencyKey: "k" });

    await b.set("n", 2, { idempotencyKey: "k" });

    expect(b.get("n")).toBe(2);
  });

  it("does not remember a refusal", async () => {
    const ctx = await open().context("run", { initial: { goal: 1 }, protect: ["goal"] });
    const write = () => ctx.set("goal", 2, { idempotencyKey: "k" });
    expect((await refusalOf(write)).code).toBe("KEY_PROTECTED");
    await ctx.unprotect("goal");

    await write();

    expect(ctx.get("goal")).toBe(2);
  });

  it("gives the first outcome, whatever version is expected now", async () => {
    const ctx = await open().context("run");
    const write = () => ctx.set("a", 1, { idempotencyKey: "k", expectedVersion: 0 });

    await write();
    await write();

    expect([ctx.version, ctx.sequence]).toEqual([1, 2]);
  });

  it("does not let a first command through that expects another version", async () => {
    const ctx = await open().context("run");

    const refusal = await refusalOf(() => ctx.set("a", 1, { idempotencyKey: "k", expectedVersion: 7 }));

    expect([refusal.code, ctx.sequence]).toEqual(["VERSION_CONFLICT", 1]);
  });

  it("is refused where it is empty", async () => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.set("a", 1, { idempotencyKey: "" }))).code).toBe("OPTION_INVALID");
  });
});
