import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { type AnchoredHead, encodeRecord, greatestHead, recordBytes } from "./anchor-record.js";
import { isCode } from "./is-code.js";
import { noteOpen } from "./open-files.js";

/** What the name of a store's anchor ends with. */
export const anchorEnding = "-anchor";

/** So long an anchor gets before it is begun anew: reading it belongs to the opening of a store. */
export const longestBytes = 1_024 * recordBytes;

/** So many processes may let it grow at once; what lies before that much is older than what is read. */
const mostProcesses = 64;

/** What the file of an anchor says: that there is none, that nothing in it can be read, or a head. */
export type AnchorFile =
  { readonly is: "missing" | "unreadable" } | { readonly is: "head"; readonly head: AnchoredHead };

/**
 * Reads the anchor of a store. To be done before the database is opened, or asked: what is in the anchor then
 * has to be there, and what comes later need not be told.
 */
export function readAnchor(store: string): AnchorFile {
  const path = store + anchorEnding;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { is: "missing" };
  // To open a pipe would wait for somebody to write into it.
  const head = stats.isFile() ? greatestHead(readEnd(path)) : undefined;
  return head === undefined ? { is: "unreadable" } : { is: "head", head };
}

/**
 * Whether there is an anchor that tells of events. One that tells of none was left behind by somebody who was
 * killed while making a store.
 */
export function hasAnchor(store: string): boolean {
  const anchor = readAnchor(store);
  return anchor.is === "unreadable" || (anchor.is === "head" && anchor.head.position > 0);
}

/**
 * Makes the anchor of a store, unless somebody else just did; it is on the disk before it is to be seen. Its
 * entry in the folder is the caller's to make durable.
 * @param unique text that no other process uses for a temporary file
 */
export function createAnchor(store: string, head: AnchoredHead, unique: string): void {
  const draft = `${store}${anchorEnding}.${unique}.new`;
  try {
    writeDurably(draft, encodeRecord(head));
    linkSync(draft, store + anchorEnding);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Tells of each commit, in a file beside the database, which was the newest event. SQLite drops commits in silence
 * where its log is damaged or gone; by this file it is seen. Records are not synced: with a log that is, they may
 * come behind the store after a power cut, and never before it.
 */
export class Anchor {
  readonly #descriptor: number;
  readonly #path: string;
  readonly #noteClosed: () => void;
  #bytes: number;

  constructor(store: string) {
    this.#path = store + anchorEnding;
    this.#descriptor = openSync(this.#path, "a");
    this.#bytes = fstatSync(this.#descriptor).size;
    // Whoever tells of commits has the store open.
    this.#noteClosed = noteOpen(store);
  }

  /** Whether it has grown so long that it should be begun anew. */
  get isLong(): boolean {
    return this.#bytes >= longestBytes;
  }

  append(head: AnchoredHead): void {
    this.#bytes += writeWhole(this.#descriptor, encodeRecord(head));
  }

  /**
   * Begins anew with one head. Whoever calls it holds the write lock, and the head is the newest event: what others
   * committed before and have not told yet is not beyond it. The file stays the same one, since they hold it open.
   */
  restart(head: AnchoredHead): void {
    // A file that is opened to append is appended to wherever one writes.
    const descriptor = openSync(this.#path, "r+");
    try {
      // Cut off only behind a record that is whole: until then, the newest one is at the end.
      this.#bytes = writeWhole(descriptor, encodeRecord(head));
      ftruncateSync(descriptor, recordBytes);
    } finally {
      closeSync(descriptor);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
    this.#noteClosed();
  }
}

function readEnd(path: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, longestBytes * mostProcesses));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a record; a part of it is no record, and nothing else tells of a disk that took only that. */
function writeWhole(descriptor: number, record: Buffer): number {
  const written = writeSync(descriptor, record);
  if (written === record.length) return written;
  throw new Error(`only ${written} of ${record.length} bytes were written`);
}

function writeDurably(path: string, bytes: Buffer): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    writeWhole(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
