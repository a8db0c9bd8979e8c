import { statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A store of which most is not in use any more. */
function openDeserted() {
  const file = join(temporaryFolder(), "runs.db");
  const store = openSqliteStore(file);
  const kept = store.context("kept", { initial: { a: 1 } });
  const ctx = store.context("gone");
  for (let n = 1; n <= 40; n += 1) ctx.set(`key ${n}`, "x".repeat(40_000));
  store.delete("gone");
  return { file, store, kept };
}

describe("compacting a file", () => {
  it("gives back what is not in use, and leaves the rest as it is", () => {
    const { file, store, kept } = openDeserted();
    const { bytes, freeBytes } = store.stats();
    expect(freeBytes).toBeGreaterThan(1_500_000);

    const done = store.compact();

    // Pages that only lead to other pages go as well.
    expect(done.freedBytes).toBeGreaterThanOrEqual(freeBytes);
    expect([bytes - done.freedBytes, true]).toEqual([done.bytes, done.isComplete]);
    expect(statSync(file).size).toBe(done.bytes);
    expect(store.stats()).toMatchObject({ bytes: done.bytes, freeBytes: 0 });
    expect(kept.at(0).data).toEqual({ a: 1 });
    expect(store.verify().faults).toEqual([]);
    expect(store.compact()).toEqual({ ...done, freedBytes: 0 });
  });

  it("says so where a reader of an older state keeps the file as long as it was", () => {
    const { file, store } = openDeserted();
    store.close();
    const again = openSqliteStore(file, { lockTimeoutMs: 100 });
    const reader = new Database(file, { readonly: true });
    reader.exec("BEGIN; SELECT count(*) FROM events");

    expect(again.compact().isComplete).toBe(false);
    reader.exec("ROLLBACK");
    reader.close();

    expect(again.compact().isComplete).toBe(true);
    expect(statSync(file).size).toBe(again.stats().bytes);
  });

  it("is refused inside a batch", async () => {
    const { store, kept } = openDeserted();

    expect((await refusalOf(() => kept.batch(() => store.compact()))).code).toBe("BATCH_UNSUPPORTED");
  });
});

eachEngine("compacting", ({ open }) => {
  it("is done on any engine, where there is nothing to give back, too", async () => {
    const store = open();
    await store.context("run", { initial: { a: 1 } });

    expect(await store.compact()).toMatchObject({ freedBytes: 0, isComplete: true });
  });
});
