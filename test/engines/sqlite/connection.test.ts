import { statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, connectReadOnly } from "../../../src/engines/sqlite/connect.js";
import { append, createContext } from "../../support/engine-programs.js";
import { eventRecord } from "../../support/event-records.js";
import { openSqlite, temporaryFolder } from "../../support/sqlite-files.js";

describe("a connection", () => {
  it.each([
    ["synchronous", 2],
    ["journal_mode", "wal"],
    ["foreign_keys", 1],
    ["trusted_schema", 0],
    ["cell_size_check", 1],
    ["secure_delete", 1],
  ])("that writes has %s = %s", (pragma, value) => {
    const database = opened(connect(newStore(), { durability: "full", timeout: 0 }));

    expect(database.pragma(pragma, { simple: true })).toBe(value);
  });

  it("with normal durability syncs at checkpoints only", () => {
    const database = opened(connect(newStore(), { durability: "normal", timeout: 0 }));

    expect(database.pragma("synchronous", { simple: true })).toBe(1);
  });

  it("that reads can do nothing else", () => {
    const database = opened(connectReadOnly(newStore(), 0));

    expect(() => database.exec("DELETE FROM receipts")).toThrow(/readonly/);
    expect(database.pragma("trusted_schema", { simple: true })).toBe(0);
  });
});

describe("a store's file", () => {
  it("can be read and written by its owner alone", () => {
    const path = newStore();

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
  });

  it("has strict tables only", () => {
    const database = opened(new Database(newStore(), { readonly: true }));
    const tables = database
      .prepare<[], { name: string; strict: number }>(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all();

    expect(tables.length).toBeGreaterThanOrEqual(6);
    expect(tables.filter(({ strict }) => strict === 0)).toEqual([]);
  });

  it.each([
    "UPDATE events SET actor = 'me'",
    "UPDATE events SET payload = payload",
    "DELETE FROM events",
    "DELETE FROM events WHERE sequence = 2",
    "INSERT OR REPLACE INTO events SELECT * FROM events",
    `INSERT OR REPLACE INTO events (position, context, sequence, version, type, payload, recorded_at, hash)
       SELECT position, context, sequence + 1, version, type, '{}', recorded_at, hash FROM events`,
  ])("refuses anybody's %s", async (sql) => {
    const path = join(temporaryFolder(), "store.db");
    const engine = openSqlite(path);
    await append(engine, await createContext(engine, "run-1"), eventRecord(2));
    const stranger = opened(new Database(path));
    const before = stranger.prepare("SELECT * FROM events").all();

    expect(() => stranger.exec(sql)).toThrow("events are append-only");

    expect(stranger.prepare("SELECT * FROM events").all()).toEqual(before);
  });
});

function newStore(): string {
  const path = join(temporaryFolder(), "store.db");
  openSqlite(path);
  return path;
}

function opened(database: Database.Database): Database.Database {
  onTestFinished(() => void database.close());
  return database;
}
