import { mkdirSync, readdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, spoken, startChild } from "../../support/child-processes.js";
import { append, ask, createContext } from "../../support/engine-programs.js";
import { eventRecord } from "../../support/event-records.js";
import { openSqlite, temporaryFolder } from "../../support/sqlite-files.js";

describe("two engines on one file", () => {
  it("see each other's writes, and that there were some", async () => {
    const path = join(temporaryFolder(), "store.db");
    const [one, two] = [openSqlite(path), openSqlite(path)];
    const before = await ask(two, (log) => log.changeMark());

    const context = await createContext(one, "run-1");
    await append(two, context, eventRecord(2));

    expect((await ask(one, (log) => log.head(context)))?.sequence).toBe(2);
    expect(await ask(two, (log) => log.changeMark())).not.toBe(before);
  });

  it("leave the file and its anchor when both are closed", () => {
    const folder = temporaryFolder();
    const path = join(folder, "store.db");
    const engines = [openSqlite(path), openSqlite(path)];

    for (const engine of engines) void engine.close();

    expect(readdirSync(folder)).toEqual(["store.db", "store.db-anchor"]);
  });
});

describe("processes", () => {
  it("may all open a new store at once", { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const path = join(folder, "store.db");
    const names = Array.from({ length: 8 }, (_, index) => `run-${index}`);

    const results = await Promise.all(names.map((name) => ended(startChild("open-and-append", path, name))));

    expect(results).toEqual(names.map(() => ({ code: 0, errors: "" })));
    expect(readdirSync(folder)).toEqual(["store.db", "store.db-anchor"]);
    const engine = openSqlite(path);
    const found = await Promise.all(names.map((name) => ask(engine, (log) => log.findContext(name))));
    expect(found.filter((context) => context === undefined)).toEqual([]);
  });

  it("learn that another one holds the lock, and write when it is free", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "store.db");
    const engine = openSqlite(path, { lockTimeoutMs: 50 });
    const context = await createContext(engine, "run-1");
    const holder = startChild("hold-lock", path);
    await spoken(holder);

    const refused = append(engine, context, eventRecord(2)).catch((error: unknown) => error);

    expect(await refused).toMatchObject({ code: "STORE_BUSY", details: { store: path } });
    expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(1);
    holder.stdin.end();
    await ended(holder);
    await append(engine, context, eventRecord(2));
    expect((await ask(engine, (log) => log.head(context)))?.sequence).toBe(2);
  });
});

describe("a file that is no longer at its path", () => {
  it("is noticed by the write, and no more is written", async () => {
    const path = join(temporaryFolder(), "store.db");
    const engine = openSqlite(path);
    const context = await createContext(engine, "run-1");

    renameSync(path, `${path}.elsewhere`);

    await expect(append(engine, context, eventRecord(2))).rejects.toMatchObject({ code: "STORE_MOVED" });
    await expect(append(engine, context, eventRecord(3))).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("is noticed when only its log is gone", async () => {
    const path = join(temporaryFolder(), "store.db");
    const engine = openSqlite(path);
    const context = await createContext(engine, "run-1");

    unlinkSync(`${path}-wal`);

    await expect(append(engine, context, eventRecord(2))).rejects.toMatchObject({ code: "STORE_MOVED" });
    await expect(append(engine, context, eventRecord(3))).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("is noticed when its folder cannot be looked into any more", async () => {
    const folder = join(temporaryFolder(), "stores");
    mkdirSync(folder);
    const engine = openSqlite(join(folder, "store.db"));
    const context = await createContext(engine, "run-1");

    renameSync(folder, `${folder}.elsewhere`);
    symlinkSync(folder, folder);

    await expect(append(engine, context, eventRecord(2))).rejects.toMatchObject({ code: "STORE_MOVED" });
    await expect(append(engine, context, eventRecord(3))).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("is noticed when another lies there", async () => {
    const path = join(temporaryFolder(), "store.db");
    const engine = openSqlite(path);
    const context = await createContext(engine, "run-1");

    renameSync(path, `${path}.elsewhere`);
    writeFileSync(path, "another");

    await expect(append(engine, context, eventRecord(2))).rejects.toMatchObject({ code: "STORE_MOVED" });
  });
});
