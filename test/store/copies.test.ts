import { expect, it } from "vitest";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";

eachEngine("copies", ({ open, reopen }) => {
  it("do not change when the caller changes what it handed in", async () => {
    const given = { list: [1], at: new Date(0) };
    const store = open();
    const ctx = await store.context("run", { initial: { initial: given }, metadata: { about: given } });
    await ctx.set("set", given);
    await ctx.update({ update: given });
    await ctx.merge({ merge: given });
    await ctx.setEphemeral("ephemeral", given);
    await ctx.setMetadata({ later: given });
    const snapshot = await ctx.snapshot("s", { metadata: { given } });

    given.list.push(2);
    given.at.setTime(1);

    const kept = { list: [1], at: new Date(0) };
    expect(ctx.clone()).toEqual({ initial: kept, set: kept, update: kept, merge: kept, ephemeral: kept });
    expect(ctx.metadata).toEqual({ about: kept, later: kept });
    expect(snapshot.metadata).toEqual({ given: kept });
  });

  it("of plain data are frozen and shared, so that reading costs nothing", async () => {
    const ctx = await open().context("run");
    await ctx.set("plan", { steps: [{ done: false }] });

    const plan = ctx.get("plan") as { steps: { done: boolean }[] };

    expect(ctx.get("plan")).toBe(plan);
    expect(() => plan.steps.push({ done: true })).toThrow(TypeError);
    expect(() => (plan.steps[0]!.done = true)).toThrow(TypeError);
    expect(ctx.get("plan")).toEqual({ steps: [{ done: false }] });
  });

  it.each([
    ["a date", () => new Date(0), (value: Date) => value.setTime(1)],
    ["a map", () => new Map([["a", 1]]), (value: Map<string, number>) => value.set("a", 2)],
    ["a set", () => new Set([1]), (value: Set<number>) => value.add(2)],
    ["a typed array", () => new Uint8Array([1]), (value: Uint8Array) => value.fill(9)],
  ])("of %s are made anew at every reading, since freezing does not hold it", async (_, make, change) => {
    const ctx = await open().context("run");
    await ctx.set("nested", { deep: [make()] });
    const { version } = ctx;
    const view = await ctx.at(version);
    const read = [
      () => ctx.get("nested"),
      () => ctx.data.nested,
      () => ctx.persistent.nested,
      () => view.get("nested"),
    ];

    // What the rows above make is what they change.
    for (const get of read) change((get() as { deep: [never] }).deep[0]);

    for (const get of read) expect(get()).toEqual({ deep: [make()] });
    expect((await ctx.at(version)).data).toEqual({ nested: { deep: [make()] } });
    expect(ctx.version).toBe(version);
  });

  it("are made of what others froze only at the surface", async () => {
    const ctx = await open().context("run");
    const given = Object.freeze({ inner: { value: 1 } });
    await ctx.set("a", given);

    given.inner.value = 2;

    expect(ctx.get("a")).toEqual({ inner: { value: 1 } });
  });

  it("may be changed where they are asked for by clone", async () => {
    const ctx = await open().context("run");
    await ctx.set("plan", { steps: [1] });
    await ctx.setEphemeral("progress", [50]);

    const plan = ctx.clone("plan") as { steps: number[] };
    const all = ctx.clone() as { plan: { steps: number[] }; progress: number[] };
    plan.steps.push(2);
    all.plan.steps.push(3);
    all.progress.push(51);

    expect(ctx.get("plan")).toEqual({ steps: [1] });
    expect(ctx.get("progress")).toEqual([50]);
    expect(ctx.clone("absent")).toBeUndefined();
  });

  it("are not made of what is handed over, which is frozen in place", async () => {
    const ctx = await open().context("run");
    const given = { steps: [{ done: false }] };
    await ctx.set("plan", given, { copy: false });

    expect(ctx.get("plan")).toBe(given);
    expect(() => given.steps.push({ done: true })).toThrow(TypeError);
    expect(Object.isFrozen(given.steps[0])).toBe(true);
  });

  it.each([
    [
      "an accessor",
      {
        get a() {
          return 1;
        },
      },
    ],
    ["another prototype", Object.create({ a: 1 }) as object],
    ["a date", new Date(0)],
    ["a map inside", { inner: new Map() }],
    [
      "an instance",
      new (class Plan {
        steps = 1;
      })(),
    ],
  ])("cannot be avoided for %s", async (_, given) => {
    const ctx = await open().context("run");

    const refusal = await refusalOf(() => ctx.set("a", given, { copy: false }));

    expect(refusal.code).toBe("VALUE_UNSUPPORTED");
    expect(Object.isFrozen(given)).toBe(false);
    expect(ctx.has("a")).toBe(false);
  });

  it("stand between the store and whatever its other answers hold", async () => {
    const store = open();
    const ctx = await store.context("run", { metadata: { tags: ["a"] } });
    await ctx.set("plan", { steps: [new Date(0)] });
    const snapshot = await ctx.snapshot("s", { metadata: { round: [1] } });
    const outcome = await ctx.phase("p", (copy) => {
      copy.added = [1];
      return { found: [1] };
    });
    const answers: unknown[] = [
      snapshot,
      snapshot.metadata.round,
      ctx.snapshots()[0],
      ctx.metadata,
      ctx.metadata.tags,
      ctx.protectedKeys,
      (await ctx.changes())[0],
      (await ctx.changes())[0]!.details,
      (await ctx.history())[0],
      (await ctx.history()).at(-1)!.effects,
      (await ctx.history()).at(-1)!.details,
      outcome,
      outcome.result,
      outcome.result.found,
      (await store.contexts())[0],
      (await store.contexts())[0]!.metadata,
    ];

    expect(answers.map((answer) => Object.isFrozen(answer))).toEqual(answers.map(() => true));
    const read = await reopen(store);
    expect((await read.context("run")).clone()).toEqual({ plan: { steps: [new Date(0)] }, added: [1] });
  });

  it("are what snapshots show of their metadata", async () => {
    const ctx = await open().context("run");
    const metadata = { at: new Date(0), tags: new Map([["a", 1]]) };
    const taken = await ctx.snapshot("s", { metadata, idempotencyKey: "k" });
    const again = await ctx.snapshot("s", { metadata, idempotencyKey: "k" });

    for (const snapshot of [taken, again, ctx.snapshots()[0]!]) {
      const shown = snapshot.metadata as typeof metadata;
      shown.at.setTime(1);
      shown.tags.clear();
    }

    expect(ctx.snapshots()[0]!.metadata).toEqual(metadata);
  });

  it("protect the store from a draft that its maker keeps", async () => {
    const ctx = await open().context("run");
    await ctx.set("plan", { steps: [1] });
    const kept: { steps: number[] }[] = [];
    await ctx.edit("plan", (draft) => {
      kept.push(draft as { steps: number[] });
      kept[0]!.steps.push(2);
    });

    kept[0]!.steps.push(3);

    expect(ctx.get("plan")).toEqual({ steps: [1, 2] });
  });
});
