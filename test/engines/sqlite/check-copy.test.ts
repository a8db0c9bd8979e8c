import Database from "better-sqlite3";
import { statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkCopy } from "../../../src/engines/sqlite/check-copy.js";
import type { Store } from "../../../src/index.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { pastTriggers } from "../../support/past-triggers.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

/** The row of an event in the store's own stream, where the store has none. */
const foreignEvent = `SELECT 0, 0, 1, 0, type, payload, actor, cause, phase, batch, tags, idempotency_key, recorded_at, hash, NULL, NULL, NULL, NULL
  FROM events WHERE position = 1`;

describe("the check of a copy", () => {
  it("passes one whose source went on, and counts what it holds", () => {
    const { store, source, draft } = copied();

    store.context("run-1").set("a", 3);
    store.context("run-3").set("c", 1);

    expect(check(source, draft)).toMatchObject({ contexts: 2, events: 5, head: { position: 5 } });
  });

  it("passes one with a context that was deleted since", () => {
    const { store, source, draft } = copied();

    store.delete("run-2");

    expect(check(source, draft)).toMatchObject({ contexts: 2, events: 5, head: { position: 5 } });
  });

  it("passes one with a context of which only what a fork needs was kept since", () => {
    const { store, source, draft } = copied();

    store.context("run-1").fork("run-3", { at: 1 });
    store.delete("run-1", { forks: "keep" });

    expect(check(source, draft)).toMatchObject({ contexts: 2, events: 5, head: { position: 5 } });
  });

  it.each([
    ["that lacks the newest event", "DELETE FROM events WHERE position = 5", "its newest events are missing"],
    ["that lacks an event", "DELETE FROM events WHERE position = 2", "number 1"],
    ["with an event of another hash", "UPDATE events SET hash = x'00' WHERE position = 5", "number 2"],
    [
      "that lacks a context",
      "DELETE FROM events WHERE context = 1; DELETE FROM contexts WHERE id = 1",
      "number 1",
    ],
    [
      "with an event without a context",
      "DELETE FROM contexts WHERE id = 2",
      "of events belongs to a context that is not there",
    ],
    ["with an event too many", `INSERT INTO events ${foreignEvent}`, "number 0"],
    ["that is another program's", "PRAGMA application_id = 7", "its application_id is not the store's"],
    ["of another schema", "PRAGMA user_version = 99", "its user_version is not the store's"],
  ])("refuses one %s", async (_, tampering, why) => {
    const { source, draft } = copied();

    tamper(draft, tampering);

    const { code, details } = await refusalOf(() => check(source, draft));
    expect([code, details]).toMatchObject(["BACKUP_UNSOUND", { target: "backup.db" }]);
    expect(details).toHaveProperty("why", expect.stringContaining(why));
  });

  it.each([
    ["is cut short", (draft: string) => truncateSync(draft, statSync(draft).size / 2)],
    ["is no database", (draft: string) => writeFileSync(draft, "x".repeat(10_000))],
    ["is empty", (draft: string) => truncateSync(draft, 0)],
  ])("refuses one that %s", async (_, damage) => {
    const { source, draft } = copied();

    damage(draft);

    expect((await refusalOf(() => check(source, draft))).code).toBe("BACKUP_UNSOUND");
  });
});

/** A store with two contexts and five events, and a copy of it. */
function copied(): { store: Store; source: Database.Database; draft: string } {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, "store.db"));
  store.context("run-1").set("a", 1);
  store.context("run-1").set("a", 2);
  store.context("run-2").set("b", 1);
  const source = new Database(store.location);
  onTestFinished(() => void source.close());
  const draft = join(folder, "draft.db");
  source.prepare("VACUUM INTO ?").run(draft);
  return { store, source, draft };
}

function check(source: Database.Database, draft: string): unknown {
  return checkCopy(source, { draft, target: "backup.db", since: 5 });
}

/** Changes a copy past the triggers that keep the log as it is. */
function tamper(draft: string, sql: string): void {
  const database = new Database(draft);
  database.pragma("foreign_keys = OFF");
  pastTriggers(database, () => database.exec(sql));
  database.close();
}
