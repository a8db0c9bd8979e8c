import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  type Stats,
} from "node:fs";
import { basename, dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { anchorEnding, createAnchor, hasAnchor } from "./anchor.js";
import { beginning } from "./anchor-record.js";
import { requireOwnSchema } from "./compare-schema.js";
import { applicationId, connectToInspect, setPragmas } from "./connect.js";
import { isCode } from "./is-code.js";
import { migrate, readSchemaNumber } from "./migrate.js";

/** What the names of files end with that SQLite keeps beside a store. */
export const companions = ["-wal", "-shm", "-journal"] as const;

/** What the names of files end with that a store may have beside it. */
export const storeCompanions = [...companions, anchorEnding] as const;

/**
 * Gives the full path of a store's file, which a caller named by an option.
 * @throws {ContextError} OPTION_INVALID
 */
export function resolveStorePath(path: string, option: string): string {
  const invalid = (why: string) => new ContextError("OPTION_INVALID", { option, why });
  if (typeof path !== "string" || path === "") throw invalid("a file name was expected");
  if (path === ":memory:") throw invalid("a store in memory is opened with openMemoryStore()");
  if (path.includes("\0")) throw invalid("it contains a NUL character");
  if (path !== path.trim()) throw invalid("it begins or ends with white space");
  return resolve(path);
}

/** Whether there is a store's file; a companion without its file is damage, not absence. */
export function storeExists(path: string): boolean {
  if (statOf(path) !== undefined) return true;
  const present = companionsOf(path);
  if (hasAnchor(path)) present.push(path + anchorEnding);
  if (present.length > 0) throw new ContextError("STORE_INCOMPLETE", { store: path, missing: path, present });
  return false;
}

/**
 * Looks at a file without changing it or running what it defines: it must be a store of ours, of a schema we
 * know, with nothing in it that we did not put there.
 * @throws {ContextError} STORE_FOREIGN, STORE_NEWER, STORE_ALTERED, STORE_CORRUPT, STORE_UNREACHABLE
 */
export function inspectStoreFile(path: string, timeout: number): void {
  const stats = statOf(path);
  const foreign = (why: string) => new ContextError("STORE_FOREIGN", { store: path, why });
  if (stats === undefined) throw new ContextError("STORE_NOT_FOUND", { store: path });
  if (!stats.isFile()) throw foreign(stats.isDirectory() ? "it is a folder" : "it is not a regular file");
  if (stats.size === 0) throw foreign("it is empty");
  const real = realpathSync(path);
  requirePlainCompanions(real, path);
  const probe = connectToInspect(real, { hasLog: companionsOf(real).length > 0, timeout });
  try {
    if (probe.pragma("application_id", { simple: true }) !== applicationId) {
      throw foreign("it is a database of another program");
    }
    readSchemaNumber(probe, path);
    requireOwnSchema(probe, path);
  } finally {
    probe.close();
  }
}

/**
 * Makes a new store: whole in a file of its own first, and then put in place by one link, so that nobody
 * ever sees half of it and of several processes exactly one succeeds; for the others it is there already.
 */
export function createStoreFile(path: string, unique: string, now: number): void {
  if (statOf(dirname(path)) === undefined) {
    throw new ContextError("STORE_UNREACHABLE", { store: path, why: "its folder does not exist" });
  }
  const draft = `${path}.${unique}.new`;
  try {
    // SQLite takes an empty file for none. Made here, it is private from the start, and what is wrong with the
    // folder is told in the system's words.
    closeSync(openSync(draft, "wx", 0o600));
    buildStore(draft, path, now);
    putInPlace(draft, path, unique);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw unreachable(error, path);
  } finally {
    discardDraft(draft);
  }
  syncToDisk(dirname(path));
}

/** Removes a database in the making, in so far as it can be: what stays is taken for a store by nobody. */
export function discardDraft(draft: string): void {
  for (const ending of ["", ...storeCompanions]) {
    try {
      rmSync(draft + ending, { force: true });
    } catch {
      // Whatever went before counts: what was being made is in place, or its own error is told.
    }
  }
}

/**
 * Shows a finished database under its name, unless there is one already. Without its anchor a store is refused,
 * so the anchor is durable before the store is to be seen.
 */
export function putInPlace(draft: string, path: string, unique: string): void {
  createAnchor(path, beginning, unique);
  syncToDisk(dirname(path));
  linkSync(draft, path);
}

/**
 * Makes a folder's entries, or a file's content, durable. SQLite would swallow a folder's error, so it is
 * done here. Never for a store's own files: closing them gives up the locks that SQLite holds on them.
 */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What identifies a store's file and the log that commits go into; changes when one of them is replaced. */
export function storeIdentity(path: string): string {
  return `${fileIdentity(path)} ${fileIdentity(`${path}-wal`)}`;
}

/** Why a store's files are not those that had an identity; undefined where they are. */
export function whyMoved(path: string, identity: string): unknown {
  try {
    if (storeIdentity(path) === identity) return undefined;
    return new Error(`${basename(path)} or its log is not the file that was opened`);
  } catch (error) {
    // What cannot be seen at its path is not there for others, either.
    return error;
  }
}

function fileIdentity(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "none" : `${stats.dev}:${stats.ino}`;
}

function buildStore(draft: string, path: string, now: number): void {
  const database = new Database(draft);
  try {
    database.pragma("auto_vacuum = INCREMENTAL");
    setPragmas(database, "full");
    database.pragma(`application_id = ${applicationId}`);
    migrate(database, path, now);
    // Closing would do this too, but says nothing where it fails; what the log holds goes with the draft.
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

function companionsOf(path: string): string[] {
  return companions.map((ending) => path + ending).filter((file) => existsSync(file));
}

/** SQLite would write through a link beside the store into a file elsewhere, and wait at a pipe for ever. */
function requirePlainCompanions(real: string, store: string): void {
  for (const ending of companions) {
    const stats = lstatSync(real + ending, { throwIfNoEntry: false });
    if (stats === undefined || stats.isFile()) continue;
    const what = stats.isSymbolicLink() ? "a link" : stats.isDirectory() ? "a folder" : "not a regular file";
    throw new ContextError("STORE_UNREACHABLE", { store, why: `${real}${ending} is ${what}` });
  }
}

function statOf(path: string): Stats | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new ContextError("STORE_UNREACHABLE", {
        store: path,
        why: "it is a link to a file that is not there",
      });
    }
    return stats;
  } catch (error) {
    throw unreachable(error, path);
  }
}

/** A file system error as one of ours; others pass as they are. */
export function unreachable(error: unknown, store: string): unknown {
  if (isCode(error, "ENOENT")) {
    return new ContextError(
      "STORE_UNREACHABLE",
      { store, why: "its folder does not exist" },
      { cause: error },
    );
  }
  if (isCode(error, "EROFS")) return new ContextError("STORE_READ_ONLY", { store }, { cause: error });
  if (isCode(error, "ENOSPC")) return new ContextError("STORE_FULL", { store }, { cause: error });
  const isSystem = error instanceof Error && "syscall" in error;
  return isSystem
    ? new ContextError("STORE_UNREACHABLE", { store, why: error.message }, { cause: error })
    : error;
}
