import { linkSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ContextError } from "../../src/index.js";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

it("saves the context in hand, not the one that has its name by now", () => {
  const folder = temporaryFolder();
  const [path, file] = [join(folder, "store.db"), join(folder, "run.jsonl")];
  const [here, there] = [openSqliteStore(path), openSqliteStore(path)];
  const renamed = here.context("c", { initial: { mine: 1 } });
  const stale = there.context("c");
  renamed.rename("d");
  here.context("c").set("other", 1);

  stale.save(file);

  const copies = openSqliteStore(join(folder, "copies.db"));
  expect(copies.load(file)).toEqual(["d"]);
  expect(copies.context("d").persistent).toEqual({ mine: 1 });
});

it("refuses to save a context that another process deleted, although its name is taken again", async () => {
  const folder = temporaryFolder();
  const [path, file] = [join(folder, "store.db"), join(folder, "run.jsonl")];
  const [here, there] = [openSqliteStore(path), openSqliteStore(path)];
  here.context("c");
  const stale = there.context("c");
  here.delete("c");
  here.context("c").set("other", 1);

  expect((await refusalOf(() => stale.save(file))).code).toBe("CONTEXT_DELETED");
  expect(readdirSync(folder)).not.toContain("run.jsonl");
});

it("never takes a file of the store itself for an export, by whatever path", async () => {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, "store.db"));
  const ctx = store.context("run", { initial: { a: 1 } });
  symlinkSync(store.location, join(folder, "link"));
  linkSync(store.location, join(folder, "hard-link"));
  symlinkSync(folder, join(folder, "folder"));
  const before = readFileSync(store.location);
  const ways = ["store.db", "store.db-wal", "store.db-shm", "store.db-journal", "link", "hard-link"];
  for (const way of [...ways, "folder/store.db", "folder/store.db-journal"]) {
    const file = join(folder, way);

    const refusals = [
      await refusalOf(() => ctx.save(file)),
      await refusalOf(() => store.save(file)),
      await refusalOf(() => store.load(file)),
    ];

    const codes = refusals.map(({ code }) => code);
    expect([way, ...codes]).toEqual([way, "EXPORT_UNWRITABLE", "EXPORT_UNWRITABLE", "EXPORT_INVALID"]);
  }
  expect(readFileSync(store.location)).toEqual(before);
  ctx.set("a", 2);
  expect(openSqliteStore(store.location).context("run").get("a")).toBe(2);
});

eachEngine("saving", ({ open }) => {
  it("refuses to save inside a batch, whose events may yet be taken back", async () => {
    const folder = temporaryFolder();
    const store = open();
    const ctx = await store.context("run");

    const refusals: Promise<ContextError>[] = [];

    await ctx.batch(() => {
      void ctx.set("a", 1);
      refusals.push(refusalOf(() => ctx.save(join(folder, "a"))));
      refusals.push(refusalOf(() => store.save(join(folder, "b"), "run")));
    });

    const codes = (await Promise.all(refusals)).map(({ code }) => code);
    expect(codes).toEqual(["BATCH_UNSUPPORTED", "BATCH_UNSUPPORTED"]);
    expect([readdirSync(folder), ctx.version]).toEqual([[], 1]);
  });

  it("saves a context once that is named twice", async () => {
    const [file, from] = [join(temporaryFolder(), "run.jsonl"), open()];
    for (const id of ["a", "b"]) await from.context(id);

    expect(await from.save(file, ["b", "a", "b"])).toEqual({ contexts: 2, events: 2 });

    expect(await open().load(file)).toEqual(["b", "a"]);
  });
});
