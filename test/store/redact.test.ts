import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ErasedValue } from "../../src/index.js";
import { eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

eachEngine("redacting", ({ open, reopen }) => {
  it("erases every recorded value with something at the path, and takes the part out of the present one", async () => {
    const ctx = await open().context("run", { initial: { config: { url: "a" } } });
    await ctx.set("config", { url: "a", key: "s3cret" });
    await ctx.set("config", { url: "b", key: "s3cret" });
    await ctx.set("other", { key: "harmless" });

    const redaction = await ctx.redact("config.key", "leaked", { actor: "security" });

    expect(redaction).toEqual({ values: 2, contexts: ["run"], isScrubbed: true, archives: [] });
    expect([ctx.get("config"), ctx.get("other"), ctx.version]).toEqual([
      { url: "b" },
      { key: "harmless" },
      4,
    ]);
    expect((await ctx.at(0)).get("config")).toEqual({ url: "a" });
    expect((await ctx.at(1)).get("config")).toBeInstanceOf(ErasedValue);
    const [last] = await ctx.history({ order: "newest", limit: 1 });
    expect(last).toMatchObject({
      type: "values_erased",
      actor: "security",
      details: { path: "config.key", reason: "leaked", erased: { 2: [0], 3: [0] } },
    });
    expect(JSON.stringify(await ctx.history())).not.toContain("s3cret");
    expect((await ctx.changes()).at(-1)?.operation).toBe("redact");
  });

  it("leaves other effects of the same event, all hashes, and what is present elsewhere", async () => {
    const ctx = await open().context("run");
    await ctx.update({ a: "secret", b: "kept" });
    const hashes = (await ctx.history()).map(({ hash }) => hash);

    await ctx.redact("a", "why");

    expect((await ctx.at(1)).entries()).toEqual([
      ["a", expect.any(ErasedValue)],
      ["b", "kept"],
    ]);
    expect((await ctx.history()).slice(0, -1).map(({ hash }) => hash)).toEqual(hashes);
    expect(ctx.has("a")).toBe(false);
  });

  it("keeps the present value if told to, whether or not it would be erased", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", "old secret");
    await ctx.set("a", "clean");

    expect((await ctx.redact("a", "why", { present: "keep" })).values).toBe(1);

    expect([ctx.get("a"), ctx.version]).toEqual(["clean", 2]);
    expect((await ctx.at(2)).get("a")).toBe("clean");
    expect((await ctx.at(1)).get("a")).toBeInstanceOf(ErasedValue);
  });

  it("erases ephemeral values, and has null in the place of an element", async () => {
    const ctx = await open().context("run");
    await ctx.setEphemeral("progress", { token: "t" });
    await ctx.set("list", ["a", "secret", "c"]);

    await ctx.redact("progress.token", "why");
    await ctx.redact(["list", 1], "why");

    expect(ctx.ephemeral).toEqual({ progress: {} });
    expect(ctx.get("list")).toEqual(["a", null, "c"]);
  });

  it("is not refused by a limit, and erases an element once", async () => {
    const ctx = await open().context("run", { limits: { refuse: { valueBytes: 5 } } });
    await ctx.set("l", [1]);

    expect((await ctx.redact(["l", 0], "why")).values).toBe(1);
    expect((await ctx.redact(["l", 0], "why")).values).toBe(0);

    expect(ctx.get("l")).toEqual([null]);
  });

  it("records nothing where nothing is there", async () => {
    const ctx = await open().context("run", { initial: { a: 1 } });

    expect(await ctx.redact("a.b", "why")).toEqual({
      values: 0,
      contexts: [],
      isScrubbed: true,
      archives: [],
    });
    expect(await ctx.redact("nothing", "why")).toMatchObject({ values: 0 });
    expect(ctx.sequence).toBe(1);
  });

  it("is refused for a protected key, without a reason, and in a batch, and then erases nothing", async () => {
    const ctx = await open().context("run", { initial: { a: "secret" }, protect: ["a"] });

    expect((await refusalOf(() => ctx.redact("a", "why"))).code).toBe("KEY_PROTECTED");
    expect((await refusalOf(() => ctx.redact("a", ""))).code).toBe("OPTION_INVALID");
    expect((await refusalOf(() => ctx.redact("[0]", "why"))).code).toBe("PATH_INVALID");
    expect((await refusalOf(() => ctx.batch(() => void ctx.redact("a", "why")))).code).toBe(
      "BATCH_UNSUPPORTED",
    );
    expect((await ctx.at(0)).get("a")).toBe("secret");
  });

  it("keeps a state from being restored, unless the erased keys are left as they are", async () => {
    const ctx = await open().context("run");
    await ctx.set("a", "secret");
    await ctx.set("b", 1);
    await ctx.set("b", 2);
    await ctx.set("a", "clean");
    await ctx.redact("a", "why", { present: "keep" });

    expect(await refusalOf(() => ctx.restore({ version: 2 }))).toMatchObject({
      code: "VALUE_ERASED",
      details: { keys: ["a"], address: "@2" },
    });
    expect(await ctx.restore({ version: 2 }, { erased: "keep" })).toBe(true);
    expect({ ...ctx.persistent }).toEqual({ a: "clean", b: 1 });
  });

  it("reaches forks, the values they inherited and their own", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", "secret");
    const twin = await ctx.fork("twin");
    const quiet = await ctx.fork("quiet");
    await quiet.set("a", "clean");
    await twin.set("a", "secret too");

    expect(await refusalOf(() => twin.redact("a", "why"))).toMatchObject({
      code: "REDACTION_INHERITED",
      details: { context: "twin", parent: "run" },
    });
    const { values, contexts } = await ctx.redact("a", "why");

    expect([values, contexts]).toEqual([3, ["run", "twin", "quiet"]]);
    expect([ctx.has("a"), twin.has("a"), quiet.has("a")]).toEqual([false, false, false]);
    expect((await twin.at(1)).get("a")).toBeInstanceOf(ErasedValue);
    expect(Object.values((await store.rebuild()).differences).every((count) => count === 0)).toBe(true);
  });

  it("is refused where an ancestor further up holds the value, and names one that can erase it", async () => {
    const store = open();
    const root = await store.context("root");
    await root.set("a", "secret");
    const middle = await root.fork("middle");
    const leaf = await middle.fork("leaf");

    const before = await refusalOf(() => leaf.redact("a", "why"));
    await store.delete("root", { forks: "keep" });
    const after = await refusalOf(() => leaf.redact("a", "why"));

    expect([before.code, after.code]).toEqual(["REDACTION_INHERITED", "REDACTION_INHERITED"]);
    expect([before.details, after.details]).toEqual([
      { context: "leaf", parent: "root" },
      { context: "leaf", parent: "middle" },
    ]);
    expect(leaf.get("a")).toBe("secret");
    expect(await middle.redact("a", "why")).toMatchObject({ values: 1, contexts: ["middle", "leaf"] });
  });

  it("reaches what a deleted ancestor left to its forks", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", "secret");
    const twin = await ctx.fork("twin");
    const other = await ctx.fork("other");
    await store.delete("run", { forks: "keep" });

    const { values, contexts } = await twin.redact("a", "why");

    expect([values, contexts]).toEqual([1, ["twin", "other"]]);
    expect((await other.at(1)).get("a")).toBeInstanceOf(ErasedValue);
    expect(other.has("a")).toBe(false);
  });

  it("lets a fork start before the erasure, without the values", async () => {
    const ctx = await open().context("run");
    await ctx.update({ a: "secret", b: 1 });
    await ctx.set("b", 2);
    await ctx.redact("a", "why");

    const twin = await ctx.fork("twin", { at: 1 });

    expect({ ...twin.persistent }).toEqual({ b: 1 });
    expect((await twin.changes()).at(-1)?.details).toMatchObject({ erased: ["a"] });
  });

  it("is told of by a fork that starts before it, so that the fork can travel alone", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.update({ a: "secret", b: 1 });
    await ctx.redact("a", "why");
    const fork = await ctx.fork("fork", { at: 1 });
    await fork.fork("of-the-fork", { at: 1 });
    const file = join(temporaryFolder(), "fork.jsonl");

    for (const name of ["fork", "of-the-fork"]) {
      await store.save(file, name);
      const other = open();
      await other.load(file);

      expect((await other.verify()).faults).toEqual([]);
      expect((await (await other.context(name)).at(1)).get("a")).toBeInstanceOf(ErasedValue);
    }
    expect((await store.verify()).faults).toEqual([]);
  });

  it("survives a restart, a rebuild and an export", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", "secret");
    await ctx.set("a", { key: "secret", rest: 1 });
    await ctx.redact("a", "why");
    await ctx.set("a", "clean");

    expect(Object.values((await store.rebuild()).differences).every((count) => count === 0)).toBe(true);
    const file = join(temporaryFolder(), "run.jsonl");
    await store.save(file);
    expect(readFileSync(file, "utf8")).not.toContain("secret");
    const copies = open();
    await copies.load(file);
    expect((await (await copies.context("run")).at(1)).get("a")).toBeInstanceOf(ErasedValue);
    const again = await (await reopen(store)).context("run");
    expect(again.get("a")).toBe("clean");
    expect((await again.at(2)).get("a")).toBeInstanceOf(ErasedValue);
  });

  it("is believed of a loaded file only where an event of it tells of the erasure", async () => {
    const store = open();
    const ctx = await store.context("run");
    await ctx.set("a", "secret");
    await ctx.redact("a", "why");
    const file = join(temporaryFolder(), "run.jsonl");
    await store.save(file);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const head = (JSON.parse(lines[3]!) as { hash: string }).hash;
    const cut = [
      ...lines.slice(0, 1),
      lines[1]!.replace('"events":3', '"events":2').replace(/"head":"\w+"/, `"head":"${head}"`),
      ...lines.slice(2, 4),
      lines.at(-1)!.replace('"events":3', '"events":2'),
    ];
    writeFileSync(file, `${cut.join("\n")}\n`);

    expect(await refusalOf(() => open().load(file))).toMatchObject({
      code: "EXPORT_INVALID",
      details: { why: "event #2: a value of it was erased, and no event tells of that" },
    });
  });
});
