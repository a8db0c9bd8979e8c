import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { migrations } from "../../../src/engines/sqlite/migrations.generated.js";
import { openStore } from "../../../src/index.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { refusalOf } from "../../support/refusal.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

/** What somebody may do to a file, and how the refusal names it. */
const alterations: Readonly<Record<string, { sql: string; what: string }>> = {
  "a trigger was added": {
    sql: "CREATE TRIGGER spy AFTER INSERT ON events BEGIN UPDATE contexts SET name = 'seen'; END",
    what: 'trigger "spy" was added',
  },
  "a trigger was taken away": {
    sql: "DROP TRIGGER events_are_only_erased",
    what: 'trigger "events_are_only_erased" is missing',
  },
  "a trigger was replaced by one that does nothing": {
    sql: `DROP TRIGGER events_are_never_replaced;
      CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events WHEN 0 BEGIN SELECT 1; END`,
    what: 'trigger "events_are_never_replaced" was changed',
  },
  "a view was added": { sql: "CREATE VIEW more AS SELECT 1", what: 'view "more" was added' },
  "a view that never ends was put in the place of ours": {
    sql: `DROP VIEW history; CREATE VIEW history AS
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS position FROM n`,
    what: 'view "history" was changed',
  },
  "a view was taken away": { sql: "DROP VIEW snapshot_list", what: 'view "snapshot_list" is missing' },
  "a table became a view": {
    sql: "DROP TABLE cursors; CREATE VIEW cursors AS SELECT 1 AS context",
    what: 'view "cursors" was added, table "cursors" is missing',
  },
  "a computed column was added": {
    sql: "ALTER TABLE events ADD COLUMN twice INTEGER AS (version * 2)",
    what: 'table "events" was changed',
  },
  "a check was added": {
    sql: "ALTER TABLE phases ADD COLUMN more INTEGER DEFAULT 1 CHECK (more = 1)",
    what: 'table "phases" was changed',
  },
  "a column was renamed": {
    sql: "ALTER TABLE receipts RENAME COLUMN outcome TO result",
    what: 'table "receipts" was changed',
  },
  "an index over an expression was added": {
    sql: "CREATE INDEX lengths ON events (length(payload))",
    what: 'index "lengths" was added',
  },
  "an index was taken away": {
    sql: "DROP INDEX events_context_sequence",
    what: 'index "events_context_sequence" is missing',
  },
  "a table was added": { sql: "CREATE TABLE notes (text)", what: 'table "notes" was added' },
  "a virtual table was added": {
    sql: "CREATE VIRTUAL TABLE texts USING fts5(body)",
    what: 'table "texts" was added',
  },
  "a schema number of none of ours": { sql: "PRAGMA user_version = -1", what: "its schema number is -1" },
  "a name that writes to the terminal": {
    sql: 'CREATE VIEW "\u001b[2J\n" AS SELECT 1',
    what: 'view "\\u001b[2J\\n" was added',
  },
};

describe("a store whose schema is not ours", () => {
  it.each(Object.entries(alterations))("is refused and left as it is: %s", async (_, { sql, what }) => {
    const path = storeFile();
    alter(path, sql);
    const before = readFileSync(path);

    const refusal = await refusalOf(() => openStore(path));

    expect(refusal).toMatchObject({ code: "STORE_ALTERED", details: { store: path } });
    expect(refusal.message).toContain(what);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("is refused in the form of an older release, before it is brought to this one's", async () => {
    const path = olderStore(2);
    alter(path, "CREATE TRIGGER spy AFTER UPDATE ON contexts BEGIN DELETE FROM events; END");

    expect((await refusalOf(() => openStore(path))).code).toBe("STORE_ALTERED");
    expect(schemaNumber(path)).toBe(2);
  });

  it("is refused when its text is in another encoding, which has another order", async () => {
    const path = join(temporaryFolder(), "store.db");
    const database = new Database(path);
    database.pragma("encoding = 'UTF-16le'");
    makeStore(database, migrations.length);
    database.close();

    expect((await refusalOf(() => openStore(path))).message).toContain("its text is kept as UTF-16le");
  });

  it("is refused when one object stands in the schema twice", async () => {
    const path = storeFile();
    const database = new Database(path);
    database.unsafeMode();
    database.pragma("writable_schema = ON");
    // SQLite would take the place of the index from here.
    database.exec(`INSERT INTO sqlite_schema
      SELECT type, name, tbl_name, rootpage + 1, NULL FROM sqlite_schema WHERE name = 'phases_started'`);
    database.close();

    expect((await refusalOf(() => openStore(path))).message).toContain("an object twice");
  });

  it("tells only the first of many alterations, and no name at length", async () => {
    const path = storeFile();
    const names = Array.from({ length: 9 }, (_, index) => `${index}${"n".repeat(5_000)}`);
    alter(path, names.map((name) => `CREATE VIEW "${name}" AS SELECT 1;`).join(""));

    const { message, details } = await refusalOf(() => openStore(path));

    expect(message).toContain("and 4 more");
    expect(message.length).toBeLessThan(1_000);
    expect(details).toMatchObject({ what: { length: 9 } });
  });
});

describe("a store that is ours", () => {
  it("opens after ANALYZE", () => {
    const path = storeFile();
    alter(path, "ANALYZE");

    expect(openSqliteStore(path).context("run").get("a")).toBe(1);
  });

  it.each(migrations.map((_, index) => index + 1))("opens in the form of schema %i", (number) => {
    const path = olderStore(number);

    // It was not made by this library, so it has no anchor.
    openSqliteStore(path, { behind: "accept" }).context("run").set("a", 1);

    expect(schemaNumber(path)).toBe(migrations.length);
  });

  it("is seen to be altered while it is open, by verify, by a query and by a backup", async () => {
    const path = storeFile();
    const store = openSqliteStore(path);
    alter(path, alterations["a trigger was added"]!.sql);

    expect(store.verify().faults).toMatchObject([{ why: 'trigger "spy" was added' }]);
    expect((await refusalOf(() => store.query("SELECT 1"))).code).toBe("STORE_ALTERED");
    expect((await refusalOf(() => store.backup(`${path}-copy`))).code).toBe("STORE_ALTERED");
  });
});

function storeFile(): string {
  const path = join(temporaryFolder(), "store.db");
  const store = openStore(path);
  store.context("run").set("a", 1);
  store.close();
  return path;
}

function alter(path: string, sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

/** A store as the release of a schema number made it. */
function olderStore(number: number): string {
  const path = join(temporaryFolder(), "store.db");
  const database = new Database(path);
  makeStore(database, number);
  database.close();
  return path;
}

function makeStore(database: Database.Database, number: number): void {
  database.pragma("application_id = 0x64637478");
  for (const { sql, tag, hash } of migrations.slice(0, number)) {
    database.exec(sql);
    database.prepare("INSERT INTO migrations_applied VALUES (?, ?, 0)").run(tag, hash);
  }
  database.pragma(`user_version = ${number}`);
}

function schemaNumber(path: string): unknown {
  const database = new Database(path, { readonly: true });
  const number = database.pragma("user_version", { simple: true });
  database.close();
  return number;
}
