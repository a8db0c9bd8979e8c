import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Store } from "../../../src/index.js";
import { makeMove, type Move } from "../../support/moves.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

/** A store that is closed, and a connection of a stranger's to its file, to whom nothing is forbidden. */
async function damagedStore(): Promise<{ file: string; database: Database.Database; reopen: () => Store }> {
  const file = join(temporaryFolder(), "runs.db");
  const store = openSqliteStore(file);
  await fill(store);
  store.close();
  const database = new Database(file);
  onTestFinished(() => void database.close());
  const triggers = database
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  // Without them the store would be refused for that.
  const reopen = () => {
    for (const { sql } of triggers.splice(0)) database.exec(sql);
    return openSqliteStore(file);
  };
  return { file, database, reopen };
}

async function fill(store: Store): Promise<void> {
  const ctx = store.context("run", { initial: { plan: ["a"] }, metadata: { team: "x" } });
  ctx.set("budget", 10, { idempotencyKey: "first", actor: "planner", cause: "c" });
  ctx.setEphemeral("progress", 1);
  ctx.set("budget", 11);
  ctx.set("gone", 1);
  ctx.delete("gone");
  ctx.snapshot("before");
  ctx.replayInto((sum: number) => sum + 1, 0, { cursor: "count" });
  await ctx.phase("work", (copy) => void (copy.notes = ["a"]), { once: "work" });
  const twin = ctx.fork("twin", { at: 1 });
  twin.set("own", true);
}

/** Everything that can be read of a store, one reading after the other. */
function readAll(store: Store): void {
  for (const name of ["run", "twin"]) {
    const ctx = store.context(name);
    for (const key of Object.keys(ctx.data)) ctx.get(key);
    for (let version = ctx.version; version >= 0; version--)
      ctx.get(Object.keys(ctx.at(version).data)[0] ?? "");
    for (const step of ctx.replay()) ctx.get(Object.keys(step.view.data)[0] ?? "");
    ctx.history({});
    ctx.blame("plan");
    ctx.phases({});
  }
  store.context("run").set("budget", 10, { idempotencyKey: "first", actor: "planner", cause: "c" });
  store.context("run").replayInto((sum: number) => sum + 1, 0, { cursor: "count" });
}

const columns = {
  events: [
    ...[
      "position",
      "context",
      "sequence",
      "version",
      "type",
      "payload",
      "actor",
      "cause",
      "phase",
      "batch",
      "tags",
    ],
    ...["idempotency_key", "recorded_at", "hash", "row_check", "payload_check"],
  ],
  current_keys: ["key", "created", "sequence", "version", "changed_at", "value", "row_check"],
  key_changes: ["key", "sequence", "position", "created", "operation", "row_check"],
  phases: ["id", "name", "once", "status", "started_sequence", "ended_sequence", "row_check"],
  receipts: ["sequence", "command", "outcome", "row_check"],
  cursors: ["sequence", "hash", "value", "updated_at", "row_check"],
  contexts: ["name", "created_at", "fork_sequence", "row_check"],
} as const;

/** Which row of each is damaged. */
const rowIn: Readonly<Record<string, string>> = {
  events: "context = 1 AND sequence = 2",
  current_keys: "context = 1 AND key = 'budget'",
  key_changes: "context = 1 AND key = 'budget' AND sequence = 4",
  contexts: "name = 'twin'",
  phases: "context = 1",
  receipts: "context = 1",
  cursors: "context = 1",
};

const damages = Object.entries(columns).flatMap(([table, names]) =>
  names.map((column) => [table, column] as const),
);

describe("a row that is not as it was written", () => {
  it.each(damages)("is reported and never served: %s.%s", async (table, column) => {
    const { database, reopen } = await damagedStore();
    const where = rowIn[table];
    const original = database.prepare(`SELECT * FROM ${table} WHERE ${where}`).all();
    expect(original).toHaveLength(1);
    const type = database
      .prepare<[], string>(`SELECT typeof(${column}) FROM ${table} WHERE ${where}`)
      .pluck();
    const changed = {
      text: `replace(${column}, substr(${column}, 1, 1), 'u')`,
      blob: "zeroblob(32)",
      null: "'z'",
    }[type.get() ?? ""];
    database.pragma("foreign_keys = OFF");

    database.exec(`UPDATE ${table} SET ${column} = ${changed ?? `${column} + 800`} WHERE ${where}`);

    expect((await refusalOf(() => readAll(reopen()))).code).toBe("STORE_CORRUPT");
    expect(reopen().verify().isSound).toBe(false);
  });

  it("is no row that nothing has happened to", async () => {
    const { reopen } = await damagedStore();

    expect(() => {
      readAll(reopen());
    }).not.toThrow();
    expect(reopen().verify().faults).toEqual([]);
  });

  it.each([
    ["is missing", "DELETE FROM current_keys WHERE context = 1 AND key = 'budget'"],
    [
      "is there twice",
      `INSERT INTO current_keys SELECT context, scope, 'more', created, sequence, version, changed_at, value, NULL, NULL
       FROM current_keys WHERE context = 1 AND key = 'budget'`,
    ],
  ])("is noticed when the context is opened where it %s", async (_, sql) => {
    const { database, reopen } = await damagedStore();

    database.exec(sql);

    expect((await refusalOf(() => reopen().context("run"))).code).toBe("STORE_CORRUPT");
  });

  it("is noticed by a view of the past where the key index lacks it", async () => {
    const { database, reopen } = await damagedStore();

    database.exec("DELETE FROM key_changes WHERE context = 1 AND key = 'budget' AND sequence = 2");

    expect((await refusalOf(() => reopen().context("run").at(1).data)).code).toBe("STORE_CORRUPT");
  });

  it.each([
    ["the context's own", "UPDATE contexts SET name = 'ran' WHERE name = 'run'"],
    ["the context's time", "UPDATE contexts SET created_at = created_at + 1 WHERE name = 'run'"],
    ["its newest event's", "UPDATE events SET version = version + 1 WHERE position = $newest"],
    ["its newest event's time", "UPDATE events SET recorded_at = recorded_at + 1 WHERE position = $newest"],
    ["that of a fact", "UPDATE current_keys SET value = '\"y\"' WHERE scope = 'metadata' AND key = 'team'"],
    ["a fact's name", "UPDATE current_keys SET key = 'tram' WHERE scope = 'metadata' AND key = 'team'"],
  ])("is no part of a listing: %s", async (_, sql) => {
    const { database, reopen } = await damagedStore();
    database.pragma("foreign_keys = OFF");
    const newest = "(SELECT max(position) FROM events WHERE context = 1)";

    database.exec(sql.replace("$newest", newest));

    expect((await refusalOf(() => reopen().contexts())).code).toBe("STORE_CORRUPT");
  });

  it("is mended where it is derived, even if what is noted beside the events is damaged", async () => {
    const { database, reopen } = await damagedStore();
    database.exec("UPDATE events SET keys_check = keys_check + 1 WHERE context = 1");
    database.exec("UPDATE current_keys SET value = '12' WHERE key = 'budget'");
    const store = reopen();

    expect(store.verify({ repair: true }).faults.map(({ kind }) => kind)).toContain("projection");

    expect(store.verify().faults).toEqual([]);
    expect(store.context("run").get("budget")).toBe(11);
  });
});

describe("a store of an older release, whose rows have no checksums", () => {
  async function olderStore(): Promise<Store> {
    const { database, reopen } = await damagedStore();
    for (const table of [
      "events",
      "current_keys",
      "key_changes",
      "phases",
      "receipts",
      "cursors",
      "contexts",
    ])
      database.exec(`UPDATE ${table} SET row_check = NULL`);
    database.exec("UPDATE events SET payload_check = NULL, keys_check = NULL, marks_check = NULL");
    return reopen();
  }

  it("is read, written and verified", async () => {
    const store = await olderStore();

    readAll(store);
    store.context("run").set("budget", 12);

    expect(store.verify().faults).toEqual([]);
  });

  it("has no differences for a rebuild to count, which gives its rows their checksums", async () => {
    const store = await olderStore();

    const { differences } = store.rebuild();

    expect(differences).toEqual({ current_keys: 0, key_changes: 0, phases: 0, receipts: 0 });
    const { rows } = store.query("SELECT count(*) AS count FROM current_keys WHERE row_check IS NULL");
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe("what is noted beside each event", () => {
  const key = fc.constantFrom("a", "b", "c");
  const value = fc.constantFrom<unknown>(1, "x", [1, 2], null);
  const move: fc.Arbitrary<Move> = fc.oneof(
    fc.record({ verb: fc.constantFrom("set", "append", "setEphemeral"), key, value }),
    fc.record({ verb: fc.constantFrom("delete", "protect", "unprotect"), key }),
    fc.record({ verb: fc.constantFrom("clearEphemeral", "snapshot") }),
    fc.record({ verb: fc.constantFrom("update", "safe", "replace"), values: fc.dictionary(key, value) }),
    fc.record({ verb: fc.constant("restore"), back: fc.nat(3) }),
  );

  it("is what the rows say after any walk, in a fork, too", async () => {
    const store = openSqliteStore(join(temporaryFolder(), "runs.db"));
    let walks = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 1, maxLength: 12 }),
        fc.array(move),
        async (first, then) => {
          const ctx = store.context(`run-${(walks += 1)}`);
          for (const step of first) await makeMove(ctx, step);
          const twin = ctx.fork(`twin-${walks}`, { at: Math.floor(ctx.version / 2) });
          for (const step of then) await makeMove(twin, step);
        },
      ),
      { numRuns: 40 },
    );

    expect(store.verify().faults).toEqual([]);
    expect(store.rebuild().differences).toEqual({ current_keys: 0, key_changes: 0, phases: 0, receipts: 0 });
    expect(store.verify().faults).toEqual([]);
  });
});
