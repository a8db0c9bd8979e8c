import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqlite, temporaryFolder } from "../../support/sqlite-files.js";

/** Each makes something at a path that is no store of ours. */
const strangers: Readonly<Record<string, { code: string; make: (path: string) => void }>> = {
  "a database of another program": {
    code: "STORE_FOREIGN",
    make: (path) => foreignDatabase(path).close(),
  },
  "a database of another program in WAL mode": {
    code: "STORE_FOREIGN",
    make: (path) => foreignDatabase(path, "PRAGMA journal_mode = WAL").close(),
  },
  "a database of another program in WAL mode, in use": {
    code: "STORE_FOREIGN",
    make: (path) => {
      const database = foreignDatabase(path, "PRAGMA journal_mode = WAL");
      database.exec("INSERT INTO notes VALUES ('still in the log')");
      onTestFinished(() => void database.close());
    },
  },
  "a text file": {
    code: "STORE_FOREIGN",
    make: (path) => writeFileSync(path, "Dear diary,\n".repeat(1_000)),
  },
  "a short text file": { code: "STORE_FOREIGN", make: (path) => writeFileSync(path, "x") },
  "a folder": { code: "STORE_FOREIGN", make: (path) => mkdirSync(path) },
  "an empty file": { code: "STORE_FOREIGN", make: (path) => writeFileSync(path, "") },
  "a link that leads nowhere": {
    code: "STORE_UNREACHABLE",
    make: (path) => symlinkSync(`${path}.gone`, path),
  },
  "a log without its database": {
    code: "STORE_INCOMPLETE",
    make: (path) => writeFileSync(`${path}-wal`, "log"),
  },
  "a journal without its database": {
    code: "STORE_INCOMPLETE",
    make: (path) => writeFileSync(`${path}-journal`, "journal"),
  },
  "the log of a store that was moved away": {
    code: "STORE_INCOMPLETE",
    make: (path) => {
      openSqlite(path);
      renameSync(path, `${path}.elsewhere`);
    },
  },
  "a store with a folder where its log would be": {
    code: "STORE_UNREACHABLE",
    make: (path) => {
      void openSqlite(path).close();
      mkdirSync(`${path}-wal`);
    },
  },
  "a store whose log is a link to a file that is not there": {
    code: "STORE_UNREACHABLE",
    make: (path) => {
      void openSqlite(path).close();
      symlinkSync(`${path}.elsewhere`, `${path}-wal`);
    },
  },
  "a store with a pipe for a journal, at which SQLite would wait": {
    code: "STORE_UNREACHABLE",
    make: (path) => {
      void openSqlite(path).close();
      withDatabase(path, (database) => database.pragma("journal_mode = DELETE"));
      execFileSync("mkfifo", [`${path}-journal`]);
    },
  },
  "a store whose header tells of a format that is to come": {
    code: "STORE_CORRUPT",
    make: (path) => {
      void openSqlite(path).close();
      const bytes = readFileSync(path);
      bytes.writeUInt32BE(16, 44);
      writeFileSync(path, bytes);
    },
  },
  "a pipe": { code: "STORE_FOREIGN", make: (path) => execFileSync("mkfifo", [path]) },
  "a link to a device": { code: "STORE_FOREIGN", make: (path) => symlinkSync("/dev/zero", path) },
  "a link that leads to itself": { code: "STORE_UNREACHABLE", make: (path) => symlinkSync(path, path) },
  "a store of a newer release": {
    code: "STORE_NEWER",
    make: (path) => {
      void openSqlite(path).close();
      withDatabase(path, (database) => database.pragma("user_version = 9999"));
    },
  },
};

describe("opening", () => {
  it.each(Object.entries(strangers))("refuses %s, and leaves it as it is", (_, { code, make }) => {
    const folder = temporaryFolder();
    const path = join(folder, "store.db");
    make(path);
    const before = portrait(folder);

    expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code }));

    expect(portrait(folder)).toEqual(before);
  });

  it("says what a newer store would need", () => {
    const path = join(temporaryFolder(), "store.db");
    void openSqlite(path).close();
    withDatabase(path, (database) => database.pragma("user_version = 9999"));

    expect(() => openSqlite(path)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ store: path, found: 9999 }) as unknown }),
    );
  });

  it("refuses a store that is not there if it may not make one, and makes nothing", () => {
    const folder = temporaryFolder();

    expect(() => openSqlite(join(folder, "store.db"), { mode: "open" })).toThrow(
      expect.objectContaining({ code: "STORE_NOT_FOUND" }),
    );

    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a folder that is not there, and does not make it", () => {
    const folder = temporaryFolder();

    expect(() => openSqlite(join(folder, "missing", "store.db"))).toThrow(
      expect.objectContaining({ code: "STORE_UNREACHABLE" }),
    );

    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a path that is too long for a file", () => {
    const path = join(temporaryFolder(), "a/".repeat(2_500));

    expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code: "STORE_UNREACHABLE" }));
  });

  it.each(["", ":memory:", " store.db", "store.db\n", "a\0b"])("refuses the path %j", (path) => {
    expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });
});

function foreignDatabase(path: string, ...statements: readonly string[]): Database.Database {
  const database = new Database(path);
  for (const sql of [...statements, "CREATE TABLE notes (text)", "INSERT INTO notes VALUES ('mine')"]) {
    database.exec(sql);
  }
  return database;
}

function withDatabase(path: string, change: (database: Database.Database) => void): void {
  const database = new Database(path);
  change(database);
  database.close();
}

/** Every file of a folder: name, bytes, mode, and when it was last written. */
function portrait(folder: string): unknown {
  return readdirSync(folder).map((name) => {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    const isFile = stats?.isFile() === true;
    // The index beside a log holds locks and read marks of whoever looks; it is no data.
    const bytes = isFile && !name.endsWith("-shm") ? readFileSync(join(folder, name)).toString("base64") : "";
    return {
      name,
      mode: stats?.mode,
      size: stats?.size,
      modified: name.endsWith("-shm") ? 0 : stats?.mtimeMs,
      bytes,
    };
  });
}
