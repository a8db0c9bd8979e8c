import type { FileBytes } from "./file-bytes.js";

/** A page as a commit wrote it to the log. */
export interface Frame {
  readonly page: number;
  /** Where its bytes begin in the log. */
  readonly at: number;
  /** Whether its checksum fits; each frame's goes on from the one before it, as that is written there. */
  readonly isSound: boolean;
}

/** What a write-ahead log holds. */
export interface WriteAheadLog {
  readonly pageSize: number;
  /** Frames up to the last commit, oldest first. */
  readonly committed: readonly Frame[];
  /** Frames behind it, whose commit is not there. */
  readonly pending: readonly Frame[];
  /** How many pages the database has after the last commit; undefined where that frame is not sound. */
  readonly pageCount: number | undefined;
}

const headerBytes = 32;
const frameHeaderBytes = 24;
/** The last bit says that checksums are taken over big-endian words. */
const magic = 0x377f0682;

/**
 * Reads a log beyond what SQLite would: that stops at the first checksum that does not fit, although what
 * follows may be whole. Frames of an older use of the file have other salts, and are left.
 */
export function readWriteAheadLog(
  file: FileBytes,
  knownPageSize: number | undefined,
): WriteAheadLog | undefined {
  const header = file.read(0, headerBytes);
  if (header.length < headerBytes) return undefined;
  const pageSize = knownPageSize ?? header.readUInt32BE(8);
  if (!isPageSize(pageSize)) return undefined;
  const isBigEndian = header.readUInt32BE(0) === magic + 1;
  const salts = saltsOf(file, header, pageSize);
  const frames: (Frame & { readonly isOurs: boolean; readonly truncate: number })[] = [];
  let seed: Checksum = [header.readUInt32BE(24), header.readUInt32BE(28)];
  for (let at = headerBytes; ; at += frameHeaderBytes + pageSize) {
    const bytes = file.read(at, frameHeaderBytes + pageSize);
    if (bytes.length < frameHeaderBytes + pageSize) break;
    const [first, second] = checksum(bytes, seed, isBigEndian);
    seed = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    const isOurs = bytes.toString("latin1", 8, 16) === salts;
    frames.push({
      page: bytes.readUInt32BE(0),
      at: at + frameHeaderBytes,
      isSound: isOurs && first === seed[0] && second === seed[1],
      isOurs,
      truncate: bytes.readUInt32BE(4),
    });
  }
  const end = frames.findLastIndex(({ isOurs, truncate }) => isOurs && truncate > 0) + 1;
  const last = frames[end - 1];
  return {
    pageSize,
    committed: frames.slice(0, end),
    pending: frames.slice(end).filter(({ isOurs }) => isOurs),
    pageCount: last?.isSound === true ? last.truncate : undefined,
  };
}

/** Whether SQLite makes pages of a size. */
export function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

/** The salts of the log's present use: those of its header, unless its first frames agree on others. */
function saltsOf(file: FileBytes, header: Buffer, pageSize: number): string {
  const [first, second] = [0, 1].map((index) =>
    file.read(headerBytes + index * (frameHeaderBytes + pageSize) + 8, 8).toString("latin1"),
  );
  const own = header.toString("latin1", 16, 24);
  return first !== own && first === second && first !== undefined ? first : own;
}

type Checksum = readonly [number, number];

/** The checksum of a frame: over the first eight bytes of its header, and its page. */
function checksum(bytes: Buffer, [first, second]: Checksum, isBigEndian: boolean): Checksum {
  const word = (at: number) => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let [one, two] = [first, second];
  for (let at = 0; at < bytes.length; at = at === 0 ? frameHeaderBytes : at + 8) {
    one = (one + word(at) + two) >>> 0;
    two = (two + word(at + 4) + one) >>> 0;
  }
  return [one, two];
}
