import { join } from "node:path";
import { expect, it } from "vitest";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";

const day = 24 * 60 * 60 * 1_000;

eachEngine("stats", ({ open: openAny }) => {
  // What is told are sizes as they are stored.
  const open: typeof openAny = (options) => openAny({ compression: "off", ...options });

  it("tell sizes and growth per key, context and store", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: "x" } });
    await ctx.set("a", "xxxx");
    await ctx.set("gone", 1);
    await ctx.delete("gone");
    await ctx.setEphemeral("e", 1);

    const stats = await ctx.stats();

    expect(stats).toMatchObject({ context: "run", version: 3, events: 5, persistentBytes: 6 });
    expect(stats.eventBytes).toBeGreaterThan(100);
    expect(stats.keys).toMatchObject([
      { scope: "persistent", key: "a", bytes: 6, changes: 2 },
      { scope: "ephemeral", key: "e", bytes: 1, changes: 1 },
      { scope: "persistent", key: "gone", bytes: 0, changes: 2 },
    ]);
    expect(await store.stats()).toMatchObject({ contexts: 1, location: store.location });
  });

  it("tell what events hold of a key, all of its values", async () => {
    const ctx = await open().context("run");
    for (let n = 1; n <= 3; n += 1) await ctx.set("text", `${n}`.repeat(1_000));
    await ctx.set("small", 1);

    const { keys, eventBytes } = await ctx.stats();

    expect(keys.map(({ key, eventBytes: bytes }) => [key, bytes > 3_000, bytes < 3_400])).toEqual([
      ["text", true, true],
      ["small", false, true],
    ]);
    expect(keys.reduce((sum, key) => sum + key.eventBytes, 0)).toBeLessThan(eventBytes);
  });

  it("tell which types of events make it up, the largest first", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", "x".repeat(3_000));
    await ctx.setEphemeral("e", 1);
    await ctx.setEphemeral("e", 2);

    const { byType, events, eventBytes } = await ctx.stats();

    expect(byType.map(({ type, events: count }) => [type, count])).toEqual([
      ["value_set", 1],
      ["context_created", 1],
      ["ephemeral_set", 2],
    ]);
    expect(byType.reduce((sum, type) => sum + type.eventBytes, 0)).toBe(eventBytes);
    expect(events).toBe(4);
    expect((await store.stats()).byType).toEqual(byType);
  });

  it("tell how old the events are", async () => {
    let now = 100 * day;
    const ctx = await open({ now: () => now }).context("run");
    for (const days of [20, 6, 0.5]) {
      now += days * day;
      await ctx.set("days", days);
    }
    now += 0.4 * day;

    const { byAge } = await ctx.stats();

    expect(byAge.map(({ age, events }) => [age, events])).toEqual([
      ["day", 2],
      ["week", 1],
      ["month", 1],
      ["older", 0],
    ]);
  });

  it("name the contexts that keep the most; one that is kept for its forks has no name", async () => {
    const store = open();
    const small = await store.context("small");
    await small.set("a", 1);
    const large = await store.context("large");
    await large.set("a", "x".repeat(5_000));
    await large.fork("twin");
    await store.delete("large", { forks: "keep" });

    const { byContext, byType, events, eventBytes } = await store.stats();

    expect(byContext.map(({ context, events: count }) => [context, count])).toEqual([
      [null, 2],
      ["small", 2],
      ["twin", 1],
    ]);
    expect(byType.reduce((sum, type) => sum + type.events, 0)).toBe(events);
    // The store's own stream tells of the deletion.
    expect(events).toBe(6);
    expect(eventBytes).toBeGreaterThan(5_000);
  });

  it("tell what lies before everything that is still referred to", async () => {
    const store = open();
    const ctx = await store.context("run");
    const old = async () => {
      for (let n = 1; n <= 10; n += 1) await ctx.set("text", `${n % 10}`.repeat(1_000));
    };
    const prunable = async () => (await ctx.stats()).prunableBytes;
    await old();
    const first = await prunable();
    expect([first > 10_000, first < 13_000]).toEqual([true, true]);

    await ctx.snapshot("kept", { pin: true });
    await old();
    const { bytes } = ctx.snapshots()[0]!;
    expect([bytes, Math.abs((await prunable()) - first) < 600]).toEqual([1_002, true]);
    expect((await store.stats()).prunableBytes).toBe(await prunable());

    await ctx.fork("twin", { at: 0 });
    expect(await prunable()).toBe(0);
  });
});

it("tell how the pages of a file are used", () => {
  const store = openSqliteStore(join(temporaryFolder(), "runs.db"));
  const ctx = store.context("run");
  for (let n = 1; n <= 20; n += 1) ctx.set(`key ${n}`, "x".repeat(10_000));
  const full = store.stats();
  expect(full.logBytes).toBeGreaterThan(200_000);
  expect(full.derivedBytes).toBeGreaterThan(10_000);

  store.delete("run");

  const { bytes, freeBytes, logBytes, derivedBytes } = store.stats();
  expect(freeBytes).toBeGreaterThan(200_000);
  expect(logBytes + derivedBytes + freeBytes).toBeLessThanOrEqual(bytes);
});
