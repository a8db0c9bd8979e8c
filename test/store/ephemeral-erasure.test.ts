import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ErasedValue } from "../../src/index.js";
import { type AnyContext, type AnyStore, eachEngine } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";

eachEngine("ephemeral values whose key has ended", ({ open, reopen }) => {
  it("are erased from the events, those that were overwritten, too", async () => {
    const store = open();
    const ctx = await store.context("run");
    for (const value of [1, 2, 3]) await ctx.setEphemeral("progress", value);
    await ctx.setEphemeral("note", "n");

    await ctx.clearEphemeral();
    await ctx.setEphemeral("progress", 4);

    expect(await told(ctx)).toEqual([
      "progress gone",
      "progress gone",
      "progress gone",
      "note gone",
      "progress 4",
    ]);
    expect(await (await reopen(store)).verify()).toMatchObject({ isSound: true, faults: [] });
  });

  it("are erased where only what changed of them was recorded, too", async () => {
    // It is told by the bytes that they took.
    const store = open({ patches: "always", compression: "off" });
    const ctx = await store.context("run");
    const lines: string[] = [];
    for (let line = 1; line <= 5; line += 1) {
      lines.push(`${line} `.repeat(2_000));
      await ctx.setEphemeral("output", [...lines]);
    }
    const before = (await ctx.stats()).eventBytes;

    await ctx.clearEphemeral();

    expect(await told(ctx)).toEqual(Array.from({ length: 5 }, () => "output gone"));
    expect([before > 20_000, (await ctx.stats()).eventBytes < 3_000]).toEqual([true, true]);
    const again = await reopen(store);
    expect((await again.verify()).faults).toEqual([]);
    expect(await told(await again.context("run"))).toEqual(Array.from({ length: 5 }, () => "output gone"));
  });

  it("are erased where one key is deleted, and others stay", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: "persistent" } });
    await ctx.setEphemeral("a", 1);
    await ctx.setEphemeral("b", 2);

    await ctx.delete("a");

    expect(await told(ctx)).toEqual(["a gone", "b 2"]);
    expect((await ctx.at(0)).data).toEqual({ a: "persistent" });
    expect((await store.verify()).faults).toEqual([]);
  });

  it("leave the rest of their events as it is", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", { secret: 1, rest: "persistent" });
    await ctx.setEphemeral("a", { secret: 1, rest: "ephemeral" });
    const { sequence } = ctx;
    await ctx.redact("a.secret", "leaked");

    await ctx.clearEphemeral();

    const [event] = await ctx.history({ after: sequence, limit: 1 });
    const values = event!.effects.map(({ scope, value }) => [scope, value instanceof ErasedValue || value]);
    expect(values.slice(0, 2)).toEqual([
      ["persistent", { rest: "persistent" }],
      ["ephemeral", true],
    ]);
    expect((await store.verify()).faults).toEqual([]);
  });

  it("are erased inside a batch, and stay where it fails", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.setEphemeral("a", 1);

    const failing = async () => {
      await ctx.batch(() => {
        void ctx.clearEphemeral();
        throw new Error("no");
      });
    };
    await expect(failing()).rejects.toThrow("no");
    expect(await told(ctx)).toEqual(["a 1"]);

    await ctx.batch(() => {
      void ctx.setEphemeral("b", 2);
      void ctx.clearEphemeral();
      void ctx.setEphemeral("c", 3);
    });
    expect(await told(ctx)).toEqual(["a gone", "b gone", "c 3"]);
    expect((await store.verify()).faults).toEqual([]);
  });

  it("keep no one from replaying, watching and exporting the history", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.setEphemeral("a", 1);
    await ctx.set("b", 2);
    await ctx.clearEphemeral();

    const states: unknown[] = [];
    for await (const { view } of ctx.replay()) states.push({ ...view.data });
    expect(states.at(-1)).toEqual({ b: 2 });
    expect((await ctx.search("1", { in: "history" })).filter(({ scope }) => scope === "ephemeral")).toEqual(
      [],
    );
    const again = await reopen(store);
    expect((await again.context("run")).persistent).toEqual({ b: 2 });
    expect((await again.rebuild()).differences).toEqual({
      current_keys: 0,
      key_changes: 0,
      phases: 0,
      receipts: 0,
    });
  });

  it("are erased for forks, too, which never had them", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.setEphemeral("a", 1);
    const before = await ctx.fork("before");
    await before.setEphemeral("a", 10);
    await ctx.clearEphemeral();
    const after = await ctx.fork("after", { at: 0 });

    expect([before.ephemeral, after.ephemeral]).toEqual([{ a: 10 }, {}]);
    expect(await told(before)).toEqual(["a gone", "a 10"]);
    await before.clearEphemeral();

    for (const one of [ctx, before, after]) await expectSoundAlone(open, one);
    expect((await store.verify()).faults).toEqual([]);
    await store.delete("run", { forks: "keep" });
    expect((await store.verify()).faults).toEqual([]);
  });

  it("agree with what redactions say of the same events", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.setEphemeral("a", "first");
    await ctx.setEphemeral("a", "second");
    const twin = await ctx.fork("twin");
    await ctx.redact("a", "leaked");
    await ctx.setEphemeral("a", "third");
    await ctx.clearEphemeral();
    await ctx.redact("a", "again");

    expect(await told(ctx)).toEqual(["a gone", "a gone", "a gone"]);
    for (const one of [ctx, twin]) await expectSoundAlone(open, one);
    expect((await store.verify()).faults).toEqual([]);
  });
});

const moves = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ verb: fc.constant("setEphemeral" as const), key: fc.constantFrom("a", "b") }),
    },
    fc.record({
      verb: fc.constantFrom("set" as const, "delete" as const, "redact" as const),
      key: fc.constantFrom("a", "b"),
    }),
    fc.record({ verb: fc.constantFrom("clear" as const, "fork" as const), key: fc.constant("") }),
  ),
  { maxLength: 16 },
);

eachEngine("the law of ephemeral values", ({ open }) => {
  it("keeps exactly those whose key has not ended since, and every chain sound", async () => {
    const property = fc.asyncProperty(moves, async (all) => {
      const store = open();
      const ctx = await store.context("run");
      const written: { value: string; key: string; isThere: boolean }[] = [];
      const end = (key: string) => {
        for (const one of written) if (one.key === key) one.isThere = false;
      };
      for (const [index, { verb, key }] of all.entries()) {
        const value = `value ${index}`;
        if (verb === "setEphemeral") {
          await ctx.setEphemeral(key, value);
          written.push({ key, value, isThere: true });
        } else if (verb === "set") await ctx.set(key, index);
        else if (verb === "fork") await (await ctx.fork(`fork ${index}`)).setEphemeral("a", index);
        else {
          if (verb === "clear") await ctx.clearEphemeral();
          else if (verb === "delete") await ctx.delete(key);
          else await ctx.redact(key, "why");
          for (const one of verb === "clear" ? ["a", "b"] : [key]) end(one);
        }
      }

      expect(await told(ctx)).toEqual(
        written.map(({ key, value, isThere }) => `${key} ${isThere ? value : "gone"}`),
      );
      expect((await store.verify()).faults).toEqual([]);
      await expectSoundAlone(open, ctx);
      for (const { id } of await store.contexts()) await expectSoundAlone(open, (await store.find(id))!);
      await store.close();
    });

    await fc.assert(property, { numRuns: 6 });
  });
});

/** The ephemeral values that the history shows. */
async function told(ctx: AnyContext): Promise<string[]> {
  const effects = (await ctx.history()).flatMap((event) => event.effects);
  return effects
    .filter(({ scope, op }) => scope === "ephemeral" && op === "set")
    .map(({ key, value }) => `${key} ${value instanceof ErasedValue ? "gone" : String(value)}`);
}

/** A context verifies wherever it is brought, without those that it comes from. */
async function expectSoundAlone(open: () => AnyStore, ctx: AnyContext): Promise<void> {
  const file = join(temporaryFolder(), "alone.jsonl");
  await ctx.save(file);
  const other = open();
  await other.load(file);
  expect((await other.verify()).faults).toEqual([]);
  await other.close();
}
