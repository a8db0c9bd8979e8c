import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import {
  type Context,
  type KeyChange,
  openMemoryStore,
  openStore,
  type PhaseOutcome,
  runAs,
  type Snapshot,
  type Store,
  type Subscription,
  type View,
  type WatchedEvent,
  type Watcher,
  type Written,
} from "durable-context";

const Run = z.object({
  goal: z.string(),
  plan: z.object({ steps: z.array(z.object({ title: z.string(), done: z.boolean() })) }),
  step: z.number(),
  started: z.date(),
  seen: z.set(z.string()),
});

// Nothing here is run: the compiler is the test.
const store = openStore("types.db");
const ctx = store.context("run", { schema: Run.shape, initial: { goal: "g" }, protect: ["goal"] });
const later = openMemoryStore({ mode: "async" });

describe("with a schema", () => {
  it("keys and values have their types, and a key may have no value yet", () => {
    expectTypeOf(ctx.get("step")).toEqualTypeOf<number | undefined>();
    expectTypeOf(ctx.get("goal")).toEqualTypeOf<string | undefined>();
    expectTypeOf(ctx.data.step).toEqualTypeOf<number | undefined>();
    expectTypeOf(ctx.persistent.step).toEqualTypeOf<number | undefined>();
    expectTypeOf(ctx.get("started")).toEqualTypeOf<Date | undefined>();
    expectTypeOf(ctx.clone("step")).toEqualTypeOf<number | undefined>();
  });

  it("a fallback takes the place of what is missing", () => {
    expectTypeOf(ctx.get("step", 0)).toEqualTypeOf<number>();
    expectTypeOf(ctx.get("step", null)).toEqualTypeOf<number | null>();
  });

  it("an unknown key is an error", () => {
    // @ts-expect-error no such key
    ctx.get("stpe");
    // @ts-expect-error no such key
    ctx.set("stpe", 1);
    // @ts-expect-error no such key
    ctx.delete("stpe");
    // @ts-expect-error no such key
    ctx.edit("stpe", () => 1);
    // @ts-expect-error no such key
    ctx.update({ stpe: 1 });
    expectTypeOf(ctx.data).not.toHaveProperty("stpe");
    // @ts-expect-error no such key
    store.context("run", { schema: Run.shape, protect: ["gaol"] });
  });

  it("a wrong value is an error", () => {
    // @ts-expect-error a number was wanted
    ctx.set("step", "1");
    // @ts-expect-error a number was wanted
    ctx.update({ step: "1" });
    // @ts-expect-error a number was wanted
    ctx.edit("step", () => "1");
    // @ts-expect-error a number was wanted
    ctx.data.step = "1";
    // @ts-expect-error a number was wanted
    store.context("run", { schema: Run.shape, initial: { step: "1" } });
    ctx.set("step", 1);
    ctx.data.step = 1;
  });

  it("what comes out is read-only all the way down", () => {
    const plan = ctx.get("plan")!;
    expectTypeOf(plan.steps).not.toHaveProperty("push");
    // @ts-expect-error it is frozen
    plan.steps[0]!.done = true;
    expectTypeOf(ctx.get("seen")).toEqualTypeOf<ReadonlySet<string> | undefined>();
    expectTypeOf(plan.steps[0]!.title).toEqualTypeOf<string>();
  });

  it("a draft, a clone and the copy of a phase may be changed", () => {
    ctx.edit("plan", (plan) => {
      plan.steps[0]!.done = true;
    });
    ctx.edit("step", (step) => step + 1);
    void ctx.phase("p", (copy) => {
      copy.step = 2;
      copy.plan.steps.push({ title: "t", done: false });
      // @ts-expect-error a number was wanted
      copy.step = "2";
    });
    ctx.clone("plan")?.steps.pop();
  });

  it("a context keeps its types when it is found again", () => {
    expectTypeOf(store.find<{ step: number }>("run")?.get("step")).toEqualTypeOf<number | undefined>();
  });

  it("a handle for somebody has the type of the context", async () => {
    expectTypeOf(ctx.as({ actor: "planner" })).toEqualTypeOf(ctx);
    const slow = await later.context("run", { schema: Run.shape });
    expectTypeOf(slow.as({ cause: "c" }).as({ tags: { t: "1" } })).toEqualTypeOf(slow);
    // @ts-expect-error a text was wanted
    ctx.as({ actor: 1 });
    // @ts-expect-error no such key
    ctx.as({ actor: "planner" }).data.stpe = 1;
  });
});

describe("without a schema", () => {
  const plain = store.context("run");

  it("everything works, and values are unknown", () => {
    plain.set("anything", { at: [new Date()] });
    plain.data.more = 1;
    plain.update({ a: 1, b: "x" });
    expectTypeOf(plain.get("anything")).toEqualTypeOf<unknown>();
    expectTypeOf(plain.data.anything).toEqualTypeOf<unknown>();
    expectTypeOf(plain).toEqualTypeOf<Context>();
  });

  it("the types may be said instead", () => {
    const said = store.context<{ step: number }>("run");

    expectTypeOf(said.get("step")).toEqualTypeOf<number | undefined>();
    // @ts-expect-error a number was wanted
    said.set("step", "1");
  });
});

describe("what a method gives", () => {
  it("is there at once on an engine that answers at once", () => {
    expectTypeOf<ReturnType<typeof ctx.set>>().toBeVoid();
    expectTypeOf(ctx.delete("step")).toEqualTypeOf<boolean>();
    expectTypeOf(ctx.update({ step: 1 })).toEqualTypeOf<Written>();
    expectTypeOf(ctx.merge({})).toEqualTypeOf<Written>();
    expectTypeOf(ctx.snapshot("s")).toEqualTypeOf<Snapshot>();
    expectTypeOf(ctx.restore(0)).toEqualTypeOf<boolean>();
    expectTypeOf(ctx.batch(() => 1)).toEqualTypeOf<number>();
    expectTypeOf(ctx.at(0).version).toEqualTypeOf<number>();
    expectTypeOf<ReturnType<typeof store.close>>().toBeVoid();
    expectTypeOf(store).toEqualTypeOf<Store>();
  });

  it("is a promise on an engine that answers later, reads of the present apart", async () => {
    const slow = await later.context("run", { schema: Run.shape });

    expectTypeOf(slow.set("step", 1)).toEqualTypeOf<Promise<void>>();
    expectTypeOf(slow.delete("step")).toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(slow.update({ step: 1 })).toEqualTypeOf<Promise<Written>>();
    expectTypeOf(slow.snapshot("s")).toEqualTypeOf<Promise<Snapshot>>();
    expectTypeOf(slow.batch(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(slow.at(0)).resolves.toHaveProperty("version");
    expectTypeOf(slow.get("step")).toEqualTypeOf<number | undefined>();
    expectTypeOf(later.close()).toEqualTypeOf<Promise<void>>();
    expectTypeOf(later).toEqualTypeOf<Store<"async">>();
  });

  it("is a promise for a phase on any engine, with what the work returns", () => {
    expectTypeOf(ctx.phase("p", () => 1)).toEqualTypeOf<Promise<PhaseOutcome<number>>>();
    expectTypeOf(ctx.phase("p", async () => "x")).toEqualTypeOf<Promise<PhaseOutcome<string>>>();
  });
});

describe("a scope of attribution", () => {
  it("gives what its work gives, at once or later", () => {
    expectTypeOf(runAs({ actor: "planner" }, () => 1)).toEqualTypeOf<number>();
    expectTypeOf(runAs({}, async () => ctx.delete("step"))).toEqualTypeOf<Promise<boolean>>();
  });
});

describe("watching", () => {
  it("gives an iterator, or what a listener is held by, in either mode", () => {
    expectTypeOf(ctx.watch({ key: "plan*" })).toEqualTypeOf<Watcher>();
    expectTypeOf(later.watch({ context: "run-*" })).toEqualTypeOf<Watcher>();
    expectTypeOf(store.watch({}, async ({ position }) => position)).toEqualTypeOf<Subscription>();
    expectTypeOf<Watcher>().toExtend<AsyncIterable<WatchedEvent>>();
    // @ts-expect-error a context has no other contexts
    ctx.watch({ context: "run-*" });
  });
});

describe("replaying", () => {
  it("gives steps at once or later, with views typed as the context is", async () => {
    const slow = await later.context("run", { schema: Run.shape });

    for (const { view } of ctx.replay()) expectTypeOf(view.get("step")).toEqualTypeOf<number | undefined>();
    for await (const { changed } of slow.replay())
      expectTypeOf(changed).toEqualTypeOf<readonly KeyChange[]>();
    ctx.replay({ until: { where: ({ view }) => view.get("step") === 3 } });
    // @ts-expect-error there is no such key
    ctx.replay({ until: { where: ({ view }) => view.get("stop") === 3 } });
  });

  it("gives a what-if that answers at once, whatever the engine", async () => {
    const slow = await later.context("run", { schema: Run.shape });

    expectTypeOf(ctx.whatIf(ctx.at(0))).toEqualTypeOf<typeof ctx>();
    expectTypeOf(slow.whatIf()).toEqualTypeOf<Promise<typeof ctx>>();
  });

  it("gives what a fold makes", () => {
    const count = (found: number): number => found + 1;

    expectTypeOf(ctx.replayInto(count, 0)).toEqualTypeOf<number>();
    // @ts-expect-error it begins with something else than it makes
    ctx.replayInto(count, "0");
  });
});

describe("public types", () => {
  it("have two parameters at most", () => {
    expectTypeOf<Context<{ a: 1 }, "async">>().toHaveProperty("set");
    expectTypeOf<Store<"async">>().toHaveProperty("context");
    expectTypeOf<View<{ a: 1 }>>().toHaveProperty("data");
    // @ts-expect-error there is no third
    expectTypeOf<Context<{ a: 1 }, "sync", 1>>().toBeAny();
    // @ts-expect-error there is no second
    expectTypeOf<Store<"sync", 1>>().toBeAny();
  });
});
