import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import Database from "better-sqlite3";

/** Puts something where a store is expected, in whose place a good store is already; or `undefined` for nothing there. */
interface OddStore {
  /** Whether the good store, with its anchor, is put there first. */
  readonly isStore: boolean;
  readonly make: (path: string) => unknown;
}

/** Statements that somebody who has the file runs in it; each names what would tell that it had been run. */
const alterations: Readonly<Record<string, string>> = {
  "a trigger on what opening writes": `CREATE TABLE seen (what);
    CREATE TRIGGER spy AFTER UPDATE ON contexts BEGIN INSERT INTO seen VALUES ('update'); END`,
  "a trigger that deletes":
    "CREATE TRIGGER spy AFTER INSERT ON events BEGIN DELETE FROM events WHERE position < 3; END",
  "a trigger instead of a view's": `CREATE TRIGGER spy INSTEAD OF INSERT ON history BEGIN DELETE FROM events; END`,
  "a view in the place of a table": "DROP TABLE cursors; CREATE VIEW cursors AS SELECT 1 AS context",
  "a view without end": `DROP VIEW history; CREATE VIEW history AS
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS position FROM n`,
  "a generated column": "ALTER TABLE events ADD COLUMN twice INTEGER AS (length(zeroblob(100000000)))",
  "a check": "ALTER TABLE phases ADD COLUMN more INTEGER DEFAULT 1 CHECK (more = abs(more))",
  "a column more": "ALTER TABLE contexts ADD COLUMN more TEXT DEFAULT 7",
  "an index over an expression": "CREATE INDEX lengths ON events (length(payload))",
  "an index over some rows": "CREATE INDEX some ON events (version) WHERE type = 'x'",
  "a table": "CREATE TABLE notes (text)",
  "a virtual table": "CREATE VIRTUAL TABLE texts USING fts5(body)",
  "a temporary name": "CREATE TABLE sqlitetemp (a)",
  "no triggers any more": "DROP TRIGGER events_are_only_erased",
  "a schema number of nobody": "PRAGMA user_version = -1",
  "a newer schema number": "PRAGMA user_version = 9999",
  "an older schema number": "PRAGMA user_version = 1",
  "no schema number": "PRAGMA user_version = 0",
  "another program's number": "PRAGMA application_id = 7",
  "a name for the terminal": 'CREATE VIEW "\u001b[2J\n" AS SELECT 1',
  "a schema that cannot be read":
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE x' WHERE name = 'cursors'",
  "an index in another's place": `PRAGMA writable_schema = ON; INSERT INTO sqlite_schema
    SELECT type, name, tbl_name, rootpage + 1, NULL FROM sqlite_schema WHERE name = 'phases_started'`,
};

/** All that may stand at a path besides a store, and stores that somebody else had in hand. */
export const oddStores: Readonly<Record<string, OddStore>> = {
  ...Object.fromEntries(
    Object.entries(alterations).map(([what, sql]) => [
      `a store with ${what}`,
      { isStore: true, make: (path: string) => alter(path, sql) },
    ]),
  ),
  "a database of another program": other((path) =>
    alter(path, "CREATE TABLE a (b); INSERT INTO a VALUES (1)"),
  ),
  "a database that says it is ours": other((path) =>
    alter(path, "CREATE TABLE events (a); PRAGMA application_id = 0x64637478; PRAGMA user_version = 5"),
  ),
  "a text": other((path) => writeFileSync(path, "This is not a store.\n".repeat(500))),
  "an empty file": other((path) => writeFileSync(path, "")),
  "one byte": other((path) => writeFileSync(path, "S")),
  "only the beginning of a database": other((path) => writeFileSync(path, "SQLite format 3\0")),
  zeros: other((path) => writeFileSync(path, Buffer.alloc(40_960))),
  "a folder": other((path) => mkdirSync(path)),
  "a pipe": other((path) => execFileSync("mkfifo", [path])),
  "a link to nothing": other((path) => symlinkSync("nothing.db", path)),
  "a link to itself": other((path) => symlinkSync(path, path)),
  "a link to a text beside it": other((path) => {
    writeFileSync(`${path}.txt`, "text");
    symlinkSync(`${path}.txt`, path);
  }),
  "a compressed store": { isStore: true, make: (path) => writeFileSync(path, gzipSync(readFileSync(path))) },
  "a store cut off": { isStore: true, make: (path) => truncateSync(path, 8_192) },
  "a store with something behind it": {
    isStore: true,
    make: (path) => appendFileSync(path, Buffer.alloc(9_999, 7)),
  },
  "a store whose log is a pipe": { isStore: true, make: (path) => execFileSync("mkfifo", [`${path}-wal`]) },
  "a store whose log is a folder": { isStore: true, make: (path) => mkdirSync(`${path}-wal`) },
  "a store whose log is a text": {
    isStore: true,
    make: (path) => writeFileSync(`${path}-wal`, "text".repeat(999)),
  },
  "a store whose journal is a pipe": {
    isStore: true,
    make: (path) => execFileSync("mkfifo", [`${path}-journal`]),
  },
  "a store whose journal is a text": {
    isStore: true,
    make: (path) => writeFileSync(`${path}-journal`, "text".repeat(999)),
  },
  "a store whose index of the log is a link": {
    isStore: true,
    make: (path) => symlinkSync("x", `${path}-shm`),
  },
};

function other(make: (path: string) => unknown): OddStore {
  return { isStore: false, make };
}

function alter(path: string, sql: string): void {
  const database = new Database(path);
  try {
    database.unsafeMode();
    database.exec(sql);
  } finally {
    database.close();
  }
}
