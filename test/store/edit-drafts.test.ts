import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";

interface Plan {
  steps: { name: string; done: boolean; at?: Date }[];
  notes: Map<string, string[]>;
  budget: { left: number };
}

eachEngine("the draft of an edit", ({ open, reopen }) => {
  it("shares what it leaves alone with the value that it is of", async () => {
    const ctx = await open().context<{ list: { n: number }[] }>("run");
    await ctx.set("list", [{ n: 1 }, { n: 2 }, { n: 3 }]);
    const before = ctx.get("list")!;

    const after = await ctx.edit("list", (list) => {
      list[1]!.n = 20;
      list.push({ n: 4 });
    });

    expect(after).toEqual([{ n: 1 }, { n: 20 }, { n: 3 }, { n: 4 }]);
    expect(after[0]).toBe(before[0]);
    expect(after[2]).toBe(before[2]);
    expect(before).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("may be changed in every way that a copy may", async () => {
    const store = open();
    const ctx = await store.context<{ plan: Plan }>("run");
    const step = (name: string) => ({ name, done: false });
    await ctx.set("plan", {
      steps: [step("a"), step("b"), step("c")],
      notes: new Map([["a", ["x"]]]),
      budget: { left: 3 },
    });

    await ctx.edit("plan", (plan) => {
      const [first] = plan.steps.splice(0, 1);
      plan.steps.reverse();
      plan.steps = [...plan.steps.filter(({ name }) => name !== "b"), first!];
      first!.at = new Date(0);
      plan.notes.get("a")!.push("y");
      Object.assign(plan.budget, { left: 2, spent: { of: first } });
    });

    const first = { name: "a", done: false, at: new Date(0) };
    const expected = {
      steps: [step("c"), first],
      notes: new Map([["a", ["x", "y"]]]),
      budget: { left: 2, spent: { of: first } },
    };
    expect(ctx.get("plan")).toEqual(expected);
    const again = await (await reopen(store)).context("run");
    expect(again.get("plan")).toEqual(expected);
  });

  it("records nothing where all is as it was in the end", async () => {
    const ctx = await open().context<{ plan: { steps: number[]; more: { a: number } } }>("run");
    await ctx.set("plan", { steps: [1], more: { a: 1 } });
    const before = ctx.get("plan");

    await ctx.edit("plan", (plan) => {
      plan.steps.push(2);
      plan.steps.pop();
      plan.more = { ...plan.more };
    });

    expect(ctx.version).toBe(1);
    expect(ctx.get("plan")).toBe(before);
  });

  it("is cloned by the context, as it was before the edit", async () => {
    const ctx = await open().context<{ plan: { steps: number[] } }>("run");
    await ctx.set("plan", { steps: [1] });

    await ctx.edit("plan", (plan) => {
      const clone = ctx.clone("plan")!;
      clone.steps.push(9);
      plan.steps.push(clone.steps.length);
    });

    expect(ctx.get("plan")).toEqual({ steps: [1, 2] });
  });
});
