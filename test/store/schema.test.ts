import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expect, it } from "vitest";
import { z } from "zod";
import type { StoreWarning } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

const Run = z.object({
  goal: z.string(),
  plan: z.object({ steps: z.array(z.object({ title: z.string() })) }),
  step: z.number().int(),
});

/** A schema of the standard, made by hand: whole texts of at least so many characters, trimmed. */
function trimmed(atLeast: number): StandardSchemaV1<string, string> {
  return {
    "~standard": {
      version: 1,
      vendor: "by-hand",
      validate: (value) => {
        if (typeof value !== "string") return { issues: [{ message: "not a text" }] };
        const text = value.trim();
        return text.length >= atLeast
          ? { value: text }
          : { issues: [{ message: "too short", path: [{ key: "x" }] }] };
      },
    },
  };
}

eachEngine("a schema", ({ open, reopen }) => {
  it("is not asked about initial data again when a context is resumed", async () => {
    const store = open();
    const heard: StoreWarning[] = [];
    store.onWarning((warning) => heard.push(warning));
    await store.context("run", { initial: { n: -1 } });

    const ctx = await store.context("run", { initial: { n: -1 }, schema: { n: z.number().positive() } });

    expect(ctx.get("n")).toBe(-1);
    expect(heard).toMatchObject([{ kind: "unfit", key: "n" }]);
  });

  it("refuses initial data of a new context, of which nothing then stays", async () => {
    const store = open();

    const refusal = await refusalOf(() =>
      store.context("run", { initial: { n: -1 }, schema: { n: z.number().positive() } }),
    );

    expect([refusal.code, await store.contexts()]).toEqual(["VALUE_REJECTED", []]);
  });

  it("checks every written value, by whatever verb, and refuses with the place in the value", async () => {
    const store = open();
    const ctx = await store.context("run", { schema: Run.shape, initial: { goal: "g" } });
    const wrong = { steps: [{ title: 1 }] } as never;

    for (const write of [
      () => ctx.set("plan", wrong),
      () => ctx.update({ step: 1, plan: wrong }),
      () => ctx.merge({ step: 1, plan: wrong }, "update"),
      () => ctx.edit("plan", () => wrong),
      () => ctx.setEphemeral("plan", wrong),
      () => store.context("new", { schema: Run.shape, initial: { plan: wrong } }),
    ]) {
      const refusal = await refusalOf(write);
      expect(refusal).toMatchObject({
        code: "VALUE_REJECTED",
        details: { key: "plan", issues: [{ path: "steps.0.title" }] },
      });
    }
    expect([ctx.persistent, ctx.sequence]).toEqual([{ goal: "g" }, 1]);
    await ctx.update({ step: 2, plan: { steps: [] } });
    expect(ctx.get("step")).toBe(2);
  });

  it("may be any of the standard; what it makes of a value is stored", async () => {
    const ctx = await open().context("run", { schema: { name: trimmed(2) } });

    await ctx.set("name", "  ann ");

    expect(ctx.get("name")).toBe("ann");
    expect(await refusalOf(() => ctx.set("name", "  a "))).toMatchObject({
      details: { issues: [{ path: "x", message: "too short" }] },
    });
  });

  it("must accept in turn what it makes of a value", async () => {
    const ctx = await open().context("run", {
      schema: { length: z.string().transform((text) => text.length) },
    });

    const refusal = await refusalOf(() => ctx.set("length", "abc" as never));

    expect(refusal).toMatchObject({ code: "VALUE_REJECTED", details: { key: "length" } });
    expect(ctx.sequence).toBe(1);
  });

  it("must answer at once", async () => {
    const slow = z.string().refine(async () => Promise.resolve(true));
    const ctx = await open().context("run", { schema: { slow } });

    expect(await refusalOf(() => ctx.set("slow", "a"))).toMatchObject({
      code: "SCHEMA_ASYNCHRONOUS",
      details: { key: "slow" },
    });
  });

  it("takes the full name of a key that is merged under a prefix", async () => {
    const ctx = await open().context("run", { schema: { p_step: z.number() } });

    expect((await refusalOf(() => ctx.merge({ step: "x" }, "prefixed", { prefix: "p_" }))).code).toBe(
      "VALUE_REJECTED",
    );
    await ctx.merge({ step: 1 }, "prefixed", { prefix: "p_" });
    expect(ctx.get("p_step")).toBe(1);
  });

  it("lets keys that it does not name hold anything", async () => {
    const ctx = await open().context("run", { schema: { step: z.number() } });

    await ctx.merge({ other: "x", constructor: 1 });

    expect(ctx.keys()).toEqual(["other", "constructor"]);
  });

  it("is told of stored values that no longer fit, on open, without values", async () => {
    const store = open();
    const heard: StoreWarning[] = [];
    await store.context("run", { initial: { step: "secret", goal: "g" } });
    const reopened = await reopen(store);
    reopened.onWarning((warning) => heard.push(warning));

    const ctx = await reopened.context("run", { schema: Run.shape });

    expect(heard).toMatchObject([{ kind: "unfit", context: "run", key: "step", issues: [{ path: "" }] }]);
    expect(JSON.stringify(heard)).not.toContain("secret");
    expect(ctx.get("step")).toBe("secret");
    await ctx.set("step", 1);
    expect(ctx.get("step")).toBe(1);
  });

  it("does not bar going back to values that it would refuse now", async () => {
    const store = open();
    await (await store.context("run", { initial: { step: "one" } })).set("step", 2);
    const ctx = await (await reopen(store)).context("run", { schema: Run.shape });

    expect((await ctx.at(0)).data).toEqual({ step: "one" });
    expect(await ctx.restore({ version: 0 })).toBe(true);
  });

  it("keeps the work of a phase whose value it rejects", async () => {
    const ctx = await open().context("run", { schema: Run.shape });

    const refusal = await refusalOf(() =>
      ctx.phase("p", (copy) => {
        copy.step = "x" as never;
        copy.goal = "g";
      }),
    );

    expect(refusal.code).toBe("VALUE_REJECTED");
    expect([ctx.keys(), (await ctx.phases()).map(({ status }) => status)]).toEqual([[], ["unmerged"]]);
  });
});
