import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type AnyContext, eachEngine } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

async function live(ctx: AnyContext): Promise<void> {
  await ctx.update({ a: 1, when: new Date(0) });
  await ctx.setEphemeral("progress", 50);
  await ctx.snapshot("middle", { metadata: { round: 1 } });
  await ctx.set("a", 2, { actor: "ann", idempotencyKey: "k", protect: true });
  await ctx.phase("p", (copy) => void (copy.found = [1n]), { once: "p1" });
}

async function seenOf(ctx: AnyContext): Promise<object> {
  const { id, version, sequence, metadata, protectedKeys } = ctx;
  return {
    ...{ id, version, sequence, metadata, protectedKeys },
    all: ctx.clone(),
    snapshots: ctx.snapshots(),
    events: await ctx.history(),
    changes: await ctx.changes(),
    phases: await ctx.phases(),
    past: (await ctx.at(1)).data,
  };
}

eachEngine("saving and loading", ({ open }) => {
  it("keeps events, versions, snapshots and hashes", async () => {
    const [file, from, to] = [join(temporaryFolder(), "run.jsonl"), open(), open()];
    const ctx = await from.context("run", { initial: { goal: "g" }, metadata: { owner: "ann" } });
    await live(ctx);

    expect(await ctx.save(file)).toEqual({ contexts: 1, events: ctx.sequence });
    expect(await to.load(file)).toEqual(["run"]);

    const loaded = await to.context("run");
    expect(await seenOf(loaded)).toEqual(await seenOf(ctx));
    expect(await loaded.phase("p", () => "again", { once: "p1" })).toMatchObject({ outcome: "repeated" });
    await loaded.set("a", 2, { idempotencyKey: "k", protect: true });
    expect(loaded.sequence).toBe(ctx.sequence);
    expect(new Set(Object.values((await to.rebuild()).differences))).toEqual(new Set([0]));
  });

  it("takes one context, some, or all, and gives the same file again from what was loaded", async () => {
    const [folder, from, to] = [temporaryFolder(), open(), open()];
    for (const id of ["a", "b", "c"]) await live(await from.context(id));
    const [all, some, again] = ["all", "some", "again"].map((name) => join(folder, name));

    expect((await from.save(all!)).contexts).toBe(3);
    expect((await from.save(some!, ["c", "a"])).contexts).toBe(2);
    expect((await from.save(again!, "a")).contexts).toBe(1);
    expect(await to.load(some!)).toEqual(["c", "a"]);
    await to.save(again!, ["c", "a"]);

    expect(readFileSync(again!, "utf8")).toBe(readFileSync(some!, "utf8"));
  });

  it("goes on where the loaded context stopped", async () => {
    const [file, from, to] = [join(temporaryFolder(), "run.jsonl"), open(), open()];
    await (await from.context("run")).set("a", 1);
    await from.save(file);
    await to.load(file);

    const ctx = await to.context("run");
    await ctx.set("a", 2);

    expect([ctx.version, ctx.sequence]).toEqual([2, 3]);
    expect(await ctx.restore({ version: 1 })).toBe(true);
    await ctx.save(file);
    expect(await open().load(file)).toEqual(["run"]);
  });

  it("refuses an id that exists, and loads nothing of the file then", async () => {
    const [file, from, to] = [join(temporaryFolder(), "run.jsonl"), open(), open()];
    for (const id of ["a", "b"]) await from.context(id);
    await from.save(file);
    const there = await to.context("b", { initial: { mine: 1 } });

    expect(await refusalOf(() => to.load(file))).toMatchObject({
      code: "CONTEXT_EXISTS",
      details: { context: "b" },
    });
    expect([(await to.contexts()).map(({ id }) => id), there.persistent]).toEqual([["b"], { mine: 1 }]);
    expect((await refusalOf(() => from.load(file))).code).toBe("CONTEXT_EXISTS");
  });

  it("refuses a file that was altered, cut short or is none, naming the line, and loads nothing", async () => {
    const [folder, from] = [temporaryFolder(), open()];
    const ctx = await from.context("run");
    await ctx.set("a", 1);
    await ctx.set("b", 1);
    const good = join(folder, "good");
    await from.save(good);
    const lines = readFileSync(good, "utf8").trimEnd().split("\n");
    const without = (index: number) => lines.filter((_, at) => at !== index);
    const altered: Record<string, { lines: readonly string[]; line: number }> = {
      "a value": { lines: lines.map((text) => text.replace('"value":1', '"value":2')), line: 4 },
      "an actor": { lines: lines.map((text) => text.replace('"actor":null', '"actor":"x"')), line: 3 },
      "an event less": { lines: without(3), line: 4 },
      "the end less": { lines: without(lines.length - 1), line: 6 },
      "the beginning less": { lines: without(0), line: 1 },
      "a line more": { lines: [...lines, "{}"], line: 7 },
      nonsense: { lines: [lines[0]!, "nonsense"], line: 2 },
      "an empty file": { lines: [], line: 1 },
    };
    const to = open();
    for (const [title, { lines: text, line }] of Object.entries(altered)) {
      const file = join(folder, "altered");
      writeFileSync(file, text.map((one) => `${one}\n`).join(""));

      const refusal = await refusalOf(() => to.load(file));

      expect([title, refusal.code, refusal.details]).toMatchObject([title, "EXPORT_INVALID", { line }]);
    }
    expect(await to.contexts()).toEqual([]);
  });

  it("refuses a file of a later format, and one that is not there", async () => {
    const file = join(temporaryFolder(), "later");
    writeFileSync(file, '{"durable-context":"export","format":99}\n');

    expect(await refusalOf(() => open().load(file))).toMatchObject({
      code: "EXPORT_NEWER",
      details: { found: 99 },
    });
    expect((await refusalOf(() => open().load(`${file}-absent`))).code).toBe("EXPORT_NOT_FOUND");
  });

  it("replaces an older file whole or not at all, and lets nobody else read it", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "run.jsonl");
    writeFileSync(file, "older");
    const store = open();

    expect((await refusalOf(() => store.save(file, "absent"))).code).toBe("CONTEXT_NOT_FOUND");
    expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["older", ["run.jsonl"]]);
    await store.context("run");
    await store.save(file);

    expect(readdirSync(folder)).toEqual(["run.jsonl"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await refusalOf(() => store.save(join(folder, "none", "run.jsonl")));
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
