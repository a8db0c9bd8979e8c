import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { eachEngine, openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

eachEngine("store.durable()", ({ open }) => {
  it("resolves when what was called before is written", async () => {
    const store = open();
    const context = await store.context("run");

    void context.set("a", 1);
    await store.durable();

    expect(context.get("a")).toBe(1);
  });

  it("is refused in a batch, and in a store that is closed", async () => {
    const store = open();
    const context = await store.context("run");

    const { inBatch } = await context.batch(() => ({ inBatch: refusalOf(() => store.durable()) }));
    expect(await inBatch).toMatchObject({ code: "BATCH_UNSUPPORTED" });
    await store.close();

    expect(await refusalOf(() => store.durable())).toMatchObject({ code: "STORE_CLOSED" });
  });
});

describe("store.durable()", () => {
  it("flushes the log where commits do not, once for all that was written", async () => {
    const path = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(path, { durability: "normal" });
    store.context("run").set("a", 1);
    const dataVersion = watchChanges(path);

    await store.durable();
    const first = dataVersion();
    await store.durable();

    expect(first).toBe(true);
    expect(dataVersion()).toBe(false);
    expect(store.verify().isSound).toBe(true);
  });

  it("resolves at once where each commit flushes", async () => {
    const path = join(temporaryFolder(), "runs.db");
    const store = openSqliteStore(path, { durability: "full" });
    store.context("run").set("a", 1);
    const changed = watchChanges(path);

    await store.durable();

    expect(changed()).toBe(false);
  });
});

/** Gives the way to ask whether anything was committed since it was last asked. */
function watchChanges(path: string): () => boolean {
  const database = new Database(path, { readonly: true });
  onTestFinished(() => void database.close());
  const version = () => Number(database.pragma("data_version", { simple: true }));
  let known = version();
  return () => {
    const isNew = version() !== known;
    known = version();
    return isNew;
  };
}
