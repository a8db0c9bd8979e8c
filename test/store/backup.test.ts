import Database from "better-sqlite3";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { type ContextError, openMemoryStore, type Store } from "../../src/index.js";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { forbidWrites, mayMount, mountDisk } from "../support/disks.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("a backup", () => {
  it("is a store that holds all contexts with their whole history", () => {
    const { store, folder } = filledStore();
    const file = join(folder, "backup.db");

    const backup = store.backup(file);

    const copy = openSqliteStore(file);
    expect(historiesOf(copy)).toEqual(historiesOf(store));
    expect(backup).toEqual({ file, bytes: backup.bytes, contexts: 3, events: 7 });
    expect(copy.find("run-1")?.at("@snapshot:marked").data).toEqual({ a: 1 });
    expect(copy.find("run-1-again")?.history()).toEqual(store.find("run-1-again")?.history());
    expect(copy.verify().faults).toEqual([]);
  });

  it("goes its own way from then on", () => {
    const { store, folder } = filledStore();
    const file = join(folder, "backup.db");
    store.backup(file);
    const copy = openSqliteStore(file);

    store.context("run-1").set("a", "here");
    copy.context("run-1").set("a", "there");
    copy.delete("run-2");

    expect(store.context("run-1").get("a")).toBe("here");
    expect(copy.context("run-1").get("a")).toBe("there");
    expect(store.find("run-2")).toBeDefined();
  });

  it("is one file and its anchor, which only their owner may read, of the size that was told", () => {
    const { store, folder } = filledStore();
    const file = join(folder, "backup.db");
    const before = readdirSync(folder);

    const { bytes } = store.backup(file);

    expect(readdirSync(folder)).toEqual(["backup.db", "backup.db-anchor", ...before]);
    const { size, mode } = statSync(file);
    expect([size, mode & 0o777, statSync(`${file}-anchor`).mode & 0o777]).toEqual([bytes, 0o600, 0o600]);
  });

  it("is named by its full path", () => {
    const { store, folder } = filledStore();

    const { file } = store.backup(relative(process.cwd(), join(folder, "backup.db")));

    expect(file).toBe(join(folder, "backup.db"));
  });

  it("keeps the number after the last one of a context that was deleted", () => {
    const { store, folder } = filledStore();
    store.delete("run-2");
    const file = join(folder, "backup.db");

    const { contexts } = store.backup(file);

    const copy = openSqliteStore(file);
    for (const each of [store, copy]) each.context("run-3");
    const newest = "SELECT max(id) AS id FROM contexts";
    expect([contexts, copy.query(newest).rows]).toEqual([2, store.query(newest).rows]);
  });

  it("of an empty store is an empty store", () => {
    const folder = temporaryFolder();
    const store = openSqliteStore(join(folder, "store.db"));

    const backup = store.backup(join(folder, "backup.db"));

    expect(backup).toMatchObject({ contexts: 0, events: 0 });
    expect(openSqliteStore(backup.file).contexts()).toEqual([]);
  });
});

describe("a backup is refused", () => {
  it.each(["backup.db", "backup.db-wal", "backup.db-journal"])("where there is a file %s", async (name) => {
    const { store, folder } = filledStore();
    writeFileSync(join(folder, name), "precious");
    const before = readdirSync(folder);

    const { code, details, message } = await refusalOf(() => store.backup(join(folder, "backup.db")));

    expect([code, details]).toEqual([
      "BACKUP_EXISTS",
      { target: join(folder, "backup.db"), present: join(folder, name) },
    ]);
    expect(message).toContain("Choose another name");
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(join(folder, name), "utf8")).toBe("precious");
  });

  it("where there is a folder, or a link to nothing", async () => {
    const { store, folder } = filledStore();
    mkdirSync(join(folder, "folder"));
    symlinkSync(join(folder, "nothing"), join(folder, "link"));

    const refusals = [
      await refusalOf(() => store.backup(join(folder, "folder"))),
      await refusalOf(() => store.backup(join(folder, "link"))),
    ];

    expect(refusals.map(({ code }) => code)).toEqual(["BACKUP_EXISTS", "BACKUP_EXISTS"]);
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });

  it("for a file of the store itself, by whatever path", async () => {
    const { store, folder } = filledStore();
    linkSync(store.location, join(folder, "hard-link"));
    symlinkSync(folder, join(folder, "folder"));
    const ways = ["store.db", "store.db-wal", "store.db-shm", "store.db-journal", "hard-link"];

    for (const way of [...ways, "folder/store.db", "folder/store.db-journal"]) {
      const { code, message } = await refusalOf(() => store.backup(join(folder, way)));

      expect([way, code]).toEqual([way, "EXPORT_UNWRITABLE"]);
      expect(message).toContain("it is a file of the store itself");
    }
    store.context("run-1").set("a", 2);
    expect(openSqliteStore(store.location).context("run-1").get("a")).toBe(2);
  });

  it("where its folder does not exist, or is none", async () => {
    const { store, folder } = filledStore();
    writeFileSync(join(folder, "file"), "");
    const before = readdirSync(folder);

    for (const path of ["nowhere/backup.db", "file/backup.db"]) {
      const { code, details } = await refusalOf(() => store.backup(join(folder, path)));

      expect([code, details]).toMatchObject(["EXPORT_UNWRITABLE", { target: join(folder, path) }]);
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ["", "a file name was expected"],
    [7, "a file name was expected"],
    [":memory:", "openMemoryStore"],
    ["a\0b", "NUL"],
    ["backup.db ", "white space"],
  ])("for %j as its name", async (file, why) => {
    const { store } = filledStore();

    // A caller without types may pass anything.
    const { code, message } = await refusalOf(() => store.backup(file as string));

    expect(code).toBe("OPTION_INVALID");
    expect(message).toContain(why);
  });

  it("when it does not pass its check, and nothing stays of it", async () => {
    const { store, folder } = filledStore();
    const another = new Database(store.location);
    another.pragma("foreign_keys = OFF");
    another.exec("UPDATE contexts SET id = 99 WHERE name = 'run-2'");
    another.close();
    const before = readdirSync(folder);

    const { code, message } = await refusalOf(() => store.backup(join(folder, "backup.db")));

    expect(code).toBe("BACKUP_UNSOUND");
    expect(message).toContain("of events belongs to a context that is not there");
    expect(readdirSync(folder)).toEqual(before);
  });

  it("after the store was closed", async () => {
    const { store, folder } = filledStore();
    store.close();

    expect((await refusalOf(() => store.backup(join(folder, "backup.db")))).code).toBe("STORE_CLOSED");
  });
});

describe.skipIf(!mayMount)("on a disk of its own (SKIPPED where nothing may be mounted)", () => {
  it("a backup that does not fit is refused, and nothing stays of it", async () => {
    const { store } = filledStore();
    store.context("run-1").set("large", "x".repeat(2 ** 20));
    const disk = mountDisk("256k");

    const { code, message } = await refusalOf(() => store.backup(join(disk, "backup.db")));

    expect(code).toBe("EXPORT_UNWRITABLE");
    expect(message).toContain("full");
    expect(readdirSync(disk)).toEqual([]);
    store.context("run-1").set("a", 2);
  });

  it("a backup can be read where nothing can be written, with any SQLite tool", async () => {
    const { store } = filledStore();
    const disk = mountDisk("4m");
    const { file } = store.backup(join(disk, "backup.db"));
    forbidWrites(disk);

    const reader = new Database(file, { readonly: true });
    const rows = reader.prepare("SELECT context, version FROM context_list").all();
    reader.close();

    expect(rows).toEqual(store.query("SELECT context, version FROM context_list").rows);
    expect((await refusalOf(() => openSqliteStore(file))).code).toBe("STORE_READ_ONLY");
    expect((await refusalOf(() => store.backup(join(disk, "again.db")))).code).toBe("EXPORT_UNWRITABLE");
  });
});

eachEngine("a backup", ({ open }) => {
  it("is refused inside a batch, whose events may yet be taken back", async () => {
    const folder = temporaryFolder();
    const store = open();
    const ctx = await store.context("run");
    const refusals: Promise<ContextError>[] = [];

    await ctx.batch(() => {
      void ctx.set("a", 1);
      refusals.push(refusalOf(() => store.backup(join(folder, "backup.db"))));
    });

    const codes = (await Promise.all(refusals)).map(({ code }) => code);
    expect([codes, readdirSync(folder), ctx.version]).toEqual([["BATCH_UNSUPPORTED"], [], 1]);
  });
});

describe("a backup of a store in memory", () => {
  it.each(["sync", "async"] as const)("is refused, and saving named instead (%s)", async (mode) => {
    const folder = temporaryFolder();
    const store = openMemoryStore({ mode });

    const { code, message } = await refusalOf(() => store.backup(join(folder, "backup.db")));

    expect(code).toBe("NOT_SUPPORTED");
    expect(message).toContain("Use store.save(file) for it.");
    expect(readdirSync(folder)).toEqual([]);
  });
});

function filledStore(): { store: Store; folder: string } {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, "store.db"));
  const context = store.context("run-1", { initial: { a: 1 } });
  context.snapshot("marked");
  context.set("a", new Map([[1, NaN]]));
  context.setEphemeral("progress", 1);
  store.context("run-2").set("b", "x".repeat(10_000));
  context.fork("run-1-again", { at: 0 });
  return { store, folder };
}

function historiesOf(store: Store): unknown {
  return store.contexts().map(({ id }) => [id, store.find(id)?.history(), store.find(id)?.persistent]);
}
