import { createRequire } from "node:module";
import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { findCorruption, findCrash } from "./driver.js";

/**
 * How much an acknowledged write survives: `full` a power cut, `normal` only the death of the process. `grouped`
 * writes are acknowledged later, together, and then survive what `full` ones do.
 */
export type Durability = "full" | "grouped" | "normal";

/** What the log may keep of its size when it begins anew: twice what it grows to by rule. */
const logBytes = 8 << 20;

/** Marks our files: "dctx" in ASCII. */
export const applicationId = 0x64637478;

/** Opens a connection that writes, with every pragma the promises rest on. */
export function connect(
  path: string,
  { durability, timeout }: { readonly durability: Durability; readonly timeout: number },
): Database.Database {
  checkDriver();
  const database = new Database(path, { fileMustExist: true, timeout });
  try {
    setPragmas(database, durability);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Opens a connection that only reads. */
export function connectReadOnly(path: string, timeout: number): Database.Database {
  const database = connectToCopy(path, timeout);
  database.pragma("query_only = ON");
  return database;
}

/** Opens a connection that cannot write to its file, but copy it to another, which `query_only` would refuse. */
export function connectToCopy(path: string, timeout: number): Database.Database {
  checkDriver();
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout });
  distrust(database);
  return database;
}

/**
 * Opens a connection to a file that may be anybody's, so that looking leaves the file and its folder as they
 * were. Beside a database in WAL mode every reader makes a log: a read-only connection cannot remove it, one
 * that could write does at its close. Where a log lies already (`hasLog`), the latter would write it into the
 * database instead.
 */
export function connectToInspect(
  path: string,
  { hasLog, timeout }: { readonly hasLog: boolean; readonly timeout: number },
): Database.Database {
  checkDriver();
  const database = new Database(path, { readonly: hasLog, fileMustExist: true, timeout });
  distrust(database);
  return database;
}

/** Lets nothing that a file defines call what could do harm, and has its pages checked as they are read. */
function distrust(database: Database.Database): void {
  database.pragma("trusted_schema = OFF");
  database.pragma("cell_size_check = ON");
}

/** Pragmas that are not stored in the file and so belong to every connection. */
export function setPragmas(database: Database.Database, durability: Durability): void {
  database.pragma("journal_mode = WAL");
  // Compiled-in WAL durability is NORMAL; only an explicit setting holds.
  database.pragma(`synchronous = ${synchronousOf(durability)}`);
  // A log that a long reader made grow gives its space back once that reader is gone.
  database.pragma(`journal_size_limit = ${logBytes}`);
  database.pragma("foreign_keys = ON");
  distrust(database);
  database.pragma("secure_delete = ON");
}

/** What SQLite is told to wait for: with FULL each commit flushes the log. */
export function synchronousOf(durability: Durability): "FULL" | "NORMAL" {
  return durability === "normal" ? "NORMAL" : "FULL";
}

let driverIsChecked = false;

/** Refuses drivers that would crash or corrupt, before they can. */
function checkDriver(): void {
  if (driverIsChecked) return;
  // A package.json, whose version every package has.
  const { version } = createRequire(import.meta.url)("better-sqlite3/package.json") as { version: string };
  refuseDriver(findCrash({ driver: version, napi: process.versions.napi, node: process.version }));
  const probe = new Database(":memory:");
  const sqlite = String(probe.prepare("SELECT sqlite_version()").pluck().get());
  probe.close();
  refuseDriver(findCorruption(sqlite));
  driverIsChecked = true;
}

function refuseDriver(why: string | undefined): void {
  if (why !== undefined) throw new ContextError("DRIVER_UNSUITABLE", { why });
}
