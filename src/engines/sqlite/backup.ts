import { closeSync, linkSync, lstatSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import type { Backup } from "../engine.js";
import { checkCopy, type Counts, newestPosition } from "./check-copy.js";
import { connectToCopy } from "./connect.js";
import { explain } from "./failures.js";
import { companions, syncToDisk } from "./file.js";

/**
 * Copies a store to a new file, on a connection of its own: one statement reads one moment of it, and keeps
 * nobody from writing. The copy is whole, checked and on the disk before one link shows it.
 * @throws {ContextError} BACKUP_EXISTS, BACKUP_UNSOUND, EXPORT_UNWRITABLE, and what reading the store throws
 */
export function backUp(location: string, file: string, unique: string): Backup {
  requireFree(file);
  const draft = `${file}.${unique}.new`;
  try {
    // SQLite takes an empty file for none. Made here, it is private from the start, and what is wrong with
    // the path is told in the system's words.
    writing(file, () => closeSync(openSync(draft, "wx", 0o600)));
    const counts = copy(location, draft, file);
    writing(file, () => syncToDisk(draft));
    const { size: bytes } = statSync(draft);
    putInPlace(draft, file);
    return { file, bytes, ...counts };
  } finally {
    for (const ending of ["", ...companions]) rmSync(draft + ending, { force: true });
  }
}

/** The log or journal of a database that is gone would be played into the backup, so they count as well. */
function requireFree(file: string): void {
  const present = ["", ...companions]
    .map((ending) => file + ending)
    .find((path) => writing(file, () => lstatSync(path, { throwIfNoEntry: false })) !== undefined);
  if (present !== undefined) throw new ContextError("BACKUP_EXISTS", { target: file, present });
}

function copy(location: string, draft: string, target: string): Counts {
  try {
    const source = connectToCopy(location);
    try {
      const since = newestPosition(source);
      vacuumInto(source, draft, target);
      return checkCopy(source, { draft, target, since });
    } finally {
      source.close();
    }
  } catch (error) {
    throw explain(error, location);
  }
}

function vacuumInto(source: Database.Database, draft: string, target: string): void {
  try {
    source.prepare("VACUUM INTO ?").run(draft);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || isOfTheSource(error.code)) throw error;
    throw new ContextError("EXPORT_UNWRITABLE", { target, why: error.message }, { cause: error });
  }
}

/** Whether a code tells of the file that is read; whatever else can happen, happens to the one written. */
function isOfTheSource(code: string): boolean {
  return ["SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR_READ"].some(
    (beginning) => code.startsWith(beginning),
  );
}

function putInPlace(draft: string, file: string): void {
  try {
    writing(file, () => {
      linkSync(draft, file);
    });
  } catch (error) {
    // Somebody may have made a file of that name meanwhile.
    requireFree(file);
    throw error;
  }
  writing(file, () => {
    syncToDisk(dirname(file));
  });
}

/** Does something to the file system for a backup's sake. */
function writing<Result>(target: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContextError("EXPORT_UNWRITABLE", { target, why }, { cause });
  }
}
