import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("clearing ephemeral keys in a file", () => {
  it("leaves a small row of each report, and no value once the store is closed", () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file);
    const ctx = store.context("run");
    ctx.batch(() => {
      for (let step = 1; step <= 500; step += 1)
        ctx.setEphemeral("progress", { step, note: "a long report ".repeat(100) });
    });
    expect(ctx.stats().eventBytes).toBeGreaterThan(500 * 1_400);

    ctx.clearEphemeral();

    expect(ctx.stats().eventBytes).toBeLessThan(500 * 250);
    expect(store.verify().faults).toEqual([]);
    store.close();
    expect(readFileSync(file).includes("a long report")).toBe(false);
  });

  it("lets nobody change more than the events of such keys, and only behind their end", () => {
    const file = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(file);
    const ctx = store.context("run", { initial: { a: 1 } });
    ctx.setEphemeral("progress", 1);
    const database = new Database(file);
    const change = (set: string, sequence: number) => () =>
      database.exec(`UPDATE events SET ${set} WHERE sequence = ${sequence}`);

    expect(change("payload = '{}'", 2)).toThrow("append-only");
    ctx.clearEphemeral();
    expect(change("payload = '{}'", 1)).toThrow("append-only");
    expect(change("actor = 'eve'", 2)).toThrow("append-only");
    expect(change("payload = '{}', version = 9", 2)).toThrow("append-only");
    ctx.set("a", 2);
    expect(change("payload = '{}'", 2)).toThrow("append-only");
    database.close();
  });
});
