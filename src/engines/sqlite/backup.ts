import { closeSync, lstatSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { writing } from "../../core/writing.js";
import type { Backup } from "../engine.js";
import { Anchor, anchorEnding, hasAnchor } from "./anchor.js";
import type { AnchoredHead } from "./anchor-record.js";
import { checkCopy, type CheckedCopy } from "./check-copy.js";
import { requireOwnSchema } from "./compare-schema.js";
import { connectToCopy } from "./connect.js";
import { explain } from "./failures.js";
import { companions, discardDraft, putInPlace, syncToDisk } from "./file.js";
import { newestHead } from "./newest-head.js";
import { patiently, waitOfConnection } from "./patience.js";

/** What is copied, and how long others may keep it locked. */
interface Source {
  readonly store: string;
  readonly lockTimeoutMs: number;
}

/**
 * Copies a store to a new file, on a connection of its own: one statement reads one moment of it, and keeps
 * nobody from writing. The copy is whole, checked and on the disk before one link shows it.
 * @throws {ContextError} BACKUP_EXISTS, BACKUP_UNSOUND, EXPORT_UNWRITABLE, and what reading the store throws
 */
export function backUp(source: Source, file: string, unique: string): Backup {
  requireFree(file);
  const draft = `${file}.${unique}.new`;
  try {
    // SQLite takes an empty file for none. Made here, it is private from the start, and what is wrong with
    // the path is told in the system's words.
    writing(file, () => closeSync(openSync(draft, "wx", 0o600)));
    const { head, ...counts } = copy(source, draft, file);
    writing(file, () => syncToDisk(draft));
    const { size: bytes } = statSync(draft);
    show(draft, { file, unique, head });
    return { file, bytes, ...counts };
  } finally {
    discardDraft(draft);
  }
}

/** The log or journal of a database that is gone would be played into the backup, so they count as well. */
function requireFree(file: string): void {
  const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const present = writing(file, () =>
    hasAnchor(file) ? file + anchorEnding : ["", ...companions].map((ending) => file + ending).find(isThere),
  );
  if (present !== undefined) throw new ContextError("BACKUP_EXISTS", { target: file, present });
}

function copy(from: Source, draft: string, target: string): CheckedCopy {
  try {
    const source = connectToCopy(from.store, waitOfConnection(from.lockTimeoutMs));
    try {
      requireOwnSchema(source, from.store);
      const since = patiently(from, () => newestHead(source).position);
      patiently(from, () => {
        vacuumInto(source, draft, target);
      });
      return patiently(from, () => checkCopy(source, { draft, target, since }));
    } finally {
      source.close();
    }
  } catch (error) {
    throw explain(error, from.store);
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

interface Place {
  readonly file: string;
  readonly unique: string;
  readonly head: AnchoredHead;
}

function show(draft: string, { file, unique, head }: Place): void {
  try {
    writing(file, () => {
      putInPlace(draft, file, unique);
    });
  } catch (error) {
    // Somebody may have made a file of that name meanwhile.
    requireFree(file);
    throw error;
  }
  writing(file, () => {
    const anchor = new Anchor(file);
    anchor.append(head);
    anchor.close();
    syncToDisk(dirname(file));
  });
}
