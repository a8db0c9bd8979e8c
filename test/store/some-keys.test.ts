import { join } from "node:path";
import { expect, it } from "vitest";
import { freezeValue } from "../../src/index.js";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

eachEngine("some keys of many", ({ open, reopen }) => {
  it("are set and removed by one update, which is one event and one version", async () => {
    const store = open();
    const ctx = await store.context("run", { initial: { a: 1, b: 2, kept: 3 }, protect: ["kept"] });
    await ctx.setEphemeral("b", "scratch");

    const written = await ctx.update({ c: 4 }, { remove: ["a", "b", "kept", "missing", "a"] });

    expect(written).toEqual({ written: ["c"], skipped: [{ key: "kept", why: "protected" }] });
    expect([ctx.data, ctx.version]).toEqual([{ kept: 3, c: 4 }, 1]);
    const [event] = await ctx.history({ order: "newest", limit: 1 });
    expect([event?.type, event?.details.removed]).toEqual(["values_updated", ["a", "b"]]);
    expect((await ctx.at(0)).data).toEqual({ a: 1, b: 2, kept: 3 });
    const again = await reopen(store);
    expect((await again.find("run"))?.data).toEqual({ kept: 3, c: 4 });
    expect((await again.verify()).isSound).toBe(true);
  });

  it("are not removed where nothing is there, nor where they are set as well", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    const error = await refusalOf(() => ctx.update({ a: 2 }, { remove: ["a"] }));
    await ctx.update({ a: 1 }, { remove: ["missing"] });

    expect([error.code, ctx.version, ctx.sequence]).toEqual(["OPTION_INVALID", 0, 1]);
  });

  it("are the same command again only where the same ones are removed", async () => {
    const ctx = await open().context("run", { initial: { a: 1, b: 2 } });
    await ctx.update({ c: 3 }, { remove: ["a"], idempotencyKey: "m1" });

    const repeated = await ctx.update({ c: 3 }, { remove: ["a"], idempotencyKey: "m1" });
    const error = await refusalOf(() => ctx.update({ c: 3 }, { remove: ["b"], idempotencyKey: "m1" }));

    expect([repeated.written, error.code, ctx.version]).toEqual([["c"], "IDEMPOTENCY_MISMATCH", 1]);
  });

  it("can be read of the past alone, in forks and behind a pruned history, too", async () => {
    const ctx = await open().context("run", { initial: { a: 0, b: [0] } });
    for (let step = 1; step <= 6; step += 1) await ctx.update({ a: step, b: [step], [`only ${step}`]: true });
    await ctx.delete("b");
    const fork = await ctx.fork("fork", { at: 4 });
    await fork.set("a", "forked");

    const keys = ["b", "a", "missing", "b"];
    const read = async (of: typeof ctx, version: number) => (await of.at(version, { keys })).entries();
    expect(await read(ctx, 3)).toEqual([["b", [3]], ["a", 3]]); // prettier-ignore
    expect(await read(ctx, 7)).toEqual([["a", 6]]);
    expect(await read(fork, 2)).toEqual([["b", [2]], ["a", 2]]); // prettier-ignore
    expect(await read(fork, 5)).toEqual([["b", [4]], ["a", "forked"]]); // prettier-ignore
    await ctx.prune({ before: 5, archive: false });
    expect(await read(ctx, 5)).toEqual([["b", [5]], ["a", 5]]); // prettier-ignore
    expect((await refusalOf(() => ctx.at(3, { keys }))).code).toBe("HISTORY_PRUNED");
    expect(await read(fork, 4)).toEqual([["b", [4]], ["a", 4]]); // prettier-ignore
    expect((await refusalOf(() => ctx.at(6, { keys: "ab" as never }))).code).toBe("OPTION_INVALID");
  });
});

it("a value that was frozen is the caller's no more, and is written as it is", () => {
  const store = openSqliteStore(join(temporaryFolder(), "store.db"));
  const ctx = store.context<{ list: unknown }>("run");
  const given = { parts: [1, { deep: new Date(0) }] };
  const plain = freezeValue({ a: [1] });

  const frozen = freezeValue(given);
  given.parts.push(2);
  ctx.set("list", [plain]);

  expect(frozen).toEqual({ parts: [1, { deep: new Date(0) }] });
  expect(Object.isFrozen(plain.a)).toBe(true);
  expect((ctx.get("list") as unknown[])[0]).toBe(plain);
});

it("what a turn has written together is committed when a store says so", async () => {
  const path = join(temporaryFolder(), "store.db");
  const store = openSqliteStore(path, { durability: "grouped" });
  store.context("run").set("a", 1);

  await store.committed();

  expect(openSqliteStore(path).find("run")?.get("a")).toBe(1);
});
