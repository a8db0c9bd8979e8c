import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMemoryStore, openStore } from "../../src/index.js";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** What a caller without types may pass. */
const untyped = (given: unknown) => given as never;

eachEngine("options that make no sense", ({ open }) => {
  it.each([
    { limit: 1.5 },
    { limit: -1 },
    { limit: Number.NaN },
    { limit: untyped("1") },
    { id: untyped(5) },
    { key: untyped({}) },
    { after: untyped(0) },
    { changedSince: Number.NaN },
    { changedBefore: untyped("2020") },
    untyped(null),
  ])("of a listing are refused: %j", async (query) => {
    const store = open();
    await store.context("run");

    expect((await refusalOf(() => store.contexts(query))).code).toBe("OPTION_INVALID");
  });

  it.each([
    { limit: 1.5 },
    { limit: -1 },
    { after: -1 },
    { after: 0.5 },
    { key: untyped(5) },
    { type: untyped({}) },
    { order: untyped("random") },
    untyped(null),
  ])("of a history are refused: %j", async (filter) => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.history(filter))).code).toBe("OPTION_INVALID");
  });

  it("are refused with a code when they are nothing at all", async () => {
    const store = open();
    const ctx = await store.context("run");

    for (const use of [
      () => ctx.setLimits(untyped(null)),
      () => ctx.phases(untyped(null)),
      () => ctx.delete("a", untyped(null)),
      () => store.context("other", untyped(null)),
      () => store.context("other", { limits: untyped(null) }),
    ]) {
      expect((await refusalOf(use)).code).toBe("OPTION_INVALID");
    }
    expect(await store.find("other")).toBeUndefined();
  });

  it.each([
    { snapshot: undefined },
    { snapshot: null },
    { snapshot: { id: 5 } },
    { id: 5 },
    { time: "soon" },
    { time: Symbol("soon") },
    { version: Object.create(null) as object },
    Object.create(null) as object,
  ])("as an address are refused: %j", async (address) => {
    const ctx = await open().context("run");

    expect((await refusalOf(() => ctx.restore(untyped(address)))).code).toBe("ADDRESS_INVALID");
    expect((await refusalOf(() => ctx.at(untyped(address)))).code).toBe("ADDRESS_INVALID");
  });
});

eachEngine("what no type allows", ({ open }) => {
  it("is refused where it would be taken in and could not be read again", async () => {
    const store = open();
    const ctx = await store.context("run");

    for (const metadata of ["text", ["list"], new Map([["a", 1]])]) {
      const refusal = await refusalOf(() => ctx.snapshot("why", { metadata: untyped(metadata) }));
      expect(refusal.details).toMatchObject({ option: "metadata" });
    }
    expect(ctx.sequence).toBe(1);
  });

  it("is refused as the id of a context to be deleted or saved", async () => {
    const store = open();
    await store.context("run");
    const file = join(temporaryFolder(), "file");

    for (const id of [untyped(["run"]), untyped(1), "\u00001"]) {
      expect((await refusalOf(() => store.delete(id))).code).toBe("ID_INVALID");
    }
    expect((await refusalOf(() => store.save(file, ["\u00001"]))).code).toBe("ID_INVALID");
    expect((await refusalOf(() => store.save(untyped(10n)))).code).toBe("OPTION_INVALID");
    expect(await store.contexts()).toHaveLength(1);
  });

  it("is refused at once where it is a text for tags, or a long list of nothing", async () => {
    const store = open();
    const ctx = await store.context("run");
    const nothing: string[] = [];
    nothing.length = 2 ** 32 - 1;

    for (const use of [
      () => ctx.set("a", 1, { tags: untyped("t".repeat(1 << 20)) }),
      () => store.contexts({ metadata: untyped("m".repeat(1 << 20)) }),
      () => store.context("other", { protect: nothing }),
      () => store.verify({ contexts: nothing }),
      () => store.save("file", nothing),
      () => ctx.history({ type: untyped(nothing) }),
    ]) {
      expect((await refusalOf(use)).code).toBe("OPTION_INVALID");
    }
    expect((await refusalOf(() => ctx.blame(untyped(nothing)))).code).toBe("PATH_INVALID");
  });
});

eachEngine("the clock that a store is given", ({ open }) => {
  it("may tell fractions of a millisecond, which are cut off", async () => {
    const ctx = await open({ now: () => 1_700_000_000_000.75 }).context("run");

    expect((await ctx.history())[0]!.at).toBe(1_700_000_000_000);
  });

  it.each([Number.NaN, -1, Infinity, 9e15, untyped("now"), untyped(undefined)])(
    "is refused when it says %s",
    async (time) => {
      let given = 1;
      const store = open({ now: () => given });
      const ctx = await store.context("run");
      given = time;

      expect((await refusalOf(() => ctx.set("a", 1))).code).toBe("OPTION_INVALID");
      given = 2;
      await ctx.set("a", 2);
      expect(ctx.sequence).toBe(2);
    },
  );
});

describe("a store on SQLite", () => {
  it("refuses a clock that is none, and a lock timeout that is no count", async () => {
    const path = join(temporaryFolder(), "store.db");

    for (const options of [
      { now: untyped(5) },
      { now: () => Number.NaN },
      { lockTimeoutMs: Number.NaN },
      { lockTimeoutMs: -1 },
    ]) {
      expect((await refusalOf(() => openStore(path, options))).code).toBe("OPTION_INVALID");
    }
  });

  it("answers a query with a code when its file has gone", async () => {
    const folder = temporaryFolder();
    const store = openSqliteStore(join(folder, "store.db"));
    rmSync(join(folder, "store.db"));

    expect((await refusalOf(() => store.query("SELECT 1"))).code).toBe("STORE_UNREACHABLE");
  });
});

describe.each([
  ["SQLite", () => openSqliteStore(join(temporaryFolder(), "store.db"))],
  ["memory", () => openMemoryStore()],
])("closing on %s", (_, open) => {
  it("is refused inside a function that runs in the lock, which goes on being usable", async () => {
    const store = open();
    const ctx = store.context("run");
    const close = () => {
      store.close();
      return 1;
    };

    expect((await refusalOf(() => ctx.edit("a", close))).code).toBe("BATCH_UNSUPPORTED");
    expect((await refusalOf(() => ctx.batch(close))).code).toBe("BATCH_UNSUPPORTED");
    ctx.set("a", 2);
    expect(ctx.get("a")).toBe(2);
  });
});
