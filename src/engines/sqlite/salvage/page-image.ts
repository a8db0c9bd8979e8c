import { pageKinds } from "./cells.js";
import type { FileBytes } from "./file-bytes.js";
import { type Frame, isPageSize, readWriteAheadLog, type WriteAheadLog } from "./write-ahead-log.js";

/** What one page held at some moment. */
export interface PageVersion {
  readonly bytes: Buffer;
  /** Whether the commit that wrote it is there. */
  readonly isCommitted: boolean;
}

/** The two files of a database, read page by page: what is in the log stands before what is in the database. */
export class PageImage {
  readonly pageSize: number;
  /** How many pages there are to look at, and how many the database says it has. */
  readonly pageCount: number;
  readonly expectedCount: number;
  readonly isHeaderSound: boolean;
  /** Frames of commits that SQLite would drop because of a checksum before them or their own. */
  readonly unsoundFrames: number;
  readonly #database: FileBytes;
  readonly #log: FileBytes;
  readonly #committed: ReadonlyMap<number, readonly Frame[]>;
  readonly #pending: ReadonlyMap<number, readonly Frame[]>;

  constructor(database: FileBytes, log: FileBytes) {
    this.#database = database;
    this.#log = log;
    const header = database.read(0, headerBytes);
    this.isHeaderSound = header.toString("latin1", 0, 16) === "SQLite format 3\0";
    const stated = this.isHeaderSound ? statedPageSize(header) : undefined;
    const wal = readWriteAheadLog(log, stated) ?? noLog;
    this.pageSize = stated ?? (wal.pageSize || likelyPageSize(database));
    this.#committed = byPage(wal.committed);
    this.#pending = byPage(wal.pending);
    this.unsoundFrames = wal.committed.filter(({ isSound }) => !isSound).length;
    const pagesInFile = Math.ceil(database.size / this.pageSize);
    this.pageCount =
      wal.pageCount ?? this.#soundPages().reduce((most, page) => Math.max(most, page), pagesInFile);
    this.expectedCount = wal.pageCount ?? statedPageCount(header) ?? this.pageCount;
  }

  /** The versions of a page that may count, newest first: behind a sound one, older ones are past. */
  versions(page: number): readonly PageVersion[] {
    const found: PageVersion[] = (this.#pending.get(page) ?? []).map((frame) => ({
      bytes: this.#bytesOf(frame),
      isCommitted: false,
    }));
    for (const frame of this.#committed.get(page) ?? []) {
      found.push({ bytes: this.#bytesOf(frame), isCommitted: true });
      if (frame.isSound) return found;
    }
    const bytes = this.#storedBytes(page);
    if (bytes !== undefined) found.push({ bytes, isCommitted: true });
    return found;
  }

  /** The newest version of a page; with `pending`, one whose commit is not there, if there is such a one. */
  newest(page: number, { pending }: { readonly pending: boolean }): Buffer | undefined {
    const frame = (pending ? this.#pending.get(page)?.[0] : undefined) ?? this.#committed.get(page)?.[0];
    if (frame !== undefined) return this.#bytesOf(frame);
    return this.#storedBytes(page);
  }

  /** Pages that only stand in frames whose number may be damaged lie beyond the count. */
  get pages(): readonly number[] {
    const beyond = [...this.#committed.keys(), ...this.#pending.keys()].filter(
      (page) => page > this.pageCount,
    );
    return [...Array.from({ length: this.pageCount }, (_, index) => index + 1), ...new Set(beyond)];
  }

  /** The pages whose newest frame is sound, and so is its number. */
  #soundPages(): number[] {
    return [...this.#committed].filter(([, [newest]]) => newest?.isSound === true).map(([page]) => page);
  }

  /** A page of the database; where the file ends in the midst of it, the rest is zeros, as SQLite takes it. */
  #storedBytes(page: number): Buffer | undefined {
    const bytes = this.#database.read((page - 1) * this.pageSize, this.pageSize);
    return bytes.length === 0 ? undefined : Buffer.concat([bytes], this.pageSize);
  }

  #bytesOf({ at }: Frame): Buffer {
    return this.#log.read(at, this.pageSize);
  }
}

const headerBytes = 100;

const noLog: WriteAheadLog = { pageSize: 0, committed: [], pending: [], pageCount: undefined };

/** Frames by their pages, the newest first. */
function byPage(frames: readonly Frame[]): ReadonlyMap<number, readonly Frame[]> {
  const found = new Map<number, Frame[]>();
  for (const frame of [...frames].reverse()) {
    const of = found.get(frame.page);
    if (of === undefined) found.set(frame.page, [frame]);
    else of.push(frame);
  }
  return found;
}

function statedPageSize(header: Buffer): number | undefined {
  if (header.length < headerBytes) return undefined;
  const size = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  return isPageSize(size) ? size : undefined;
}

/** The header's count holds if the same change wrote it that wrote the version beside it. */
function statedPageCount(header: Buffer): number | undefined {
  if (header.length < headerBytes || header.readUInt32BE(24) !== header.readUInt32BE(92)) return undefined;
  return header.readUInt32BE(28) || undefined;
}

/**
 * The size at which most places where a page would begin look like one. Where a value fills many pages, few of any
 * size do; so another size than a store is made with has to fit clearly better.
 */
function likelyPageSize(database: FileBytes): number {
  const kinds: readonly number[] = Object.values(pageKinds);
  const scores = [4096, 512, 1024, 2048, 8192, 16_384, 32_768, 65_536].map((size) => {
    const places = Math.min(500, Math.floor(database.size / size));
    let fitting = 0;
    for (let place = 1; place < places; place += 1)
      if (kinds.includes(database.read(place * size, 1)[0] ?? 0)) fitting += 1;
    return { size, score: fitting / Math.max(1, places) };
  });
  return scores.reduce((best, one) => (one.score > 1.5 * best.score ? one : best)).size;
}
