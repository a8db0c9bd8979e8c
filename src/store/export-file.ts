import { constants as limits } from "node:buffer";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { syncFolderOf } from "./sync-folder.js";
import { isGzip, readMembers } from "./gzip-members.js";
import { ContextError } from "../core/errors.js";
import { writing } from "../core/writing.js";

/** Bytes read or written at once. */
const chunkBytes = 1 << 16;

/** What a text can hold, but for the end of the chunk that the line began in. */
const longestLine = limits.MAX_STRING_LENGTH - 2 * chunkBytes;

/** A file in the making: nobody sees it before it is whole and on the disk. */
export interface FileDraft {
  readonly writeLine: (line: string) => void;
  /** Puts the file in place, over an older one. */
  readonly finish: () => void;
  /** Throws an unfinished file away. */
  readonly discard: () => void;
}

/** Begins a file that replaces the one of that name only when it is finished. */
export function writeFileAtomically(file: string, unique: string): FileDraft {
  refuseOddTarget(file);
  const draft = `${file}.${unique}.new`;
  const descriptor = writing(file, () => openSync(draft, "wx", 0o600));
  let pending = "";
  const flush = () => {
    writing(file, () => {
      writeAll(descriptor, Buffer.from(pending, "utf8"));
    });
    pending = "";
  };
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return {
    writeLine: (line) => {
      pending += `${line}\n`;
      if (pending.length >= chunkBytes) flush();
    },
    finish: () => {
      flush();
      writing(file, () => {
        fsyncSync(descriptor);
        close();
        renameSync(draft, file);
        syncFolderOf(file);
      });
    },
    discard: () => {
      close();
      rmSync(draft, { force: true });
    },
  };
}

/**
 * Reads a file line by line; only one chunk and one line are in memory.
 * @throws {ContextError} EXPORT_NOT_FOUND, EXPORT_INVALID
 */
export function* readLines(file: string): Generator<string> {
  // What is there so far of a line that spans chunks; to join it anew at each would cost its square.
  let pieces: string[] = [];
  let length = 0;
  let number = 1;
  const line = (last: string): string => {
    const whole = pieces.concat(last).join("");
    pieces = [];
    length = 0;
    number += 1;
    return whole;
  };
  for (const text of readChunks(file)) {
    let begin = 0;
    length += text.length;
    if (length > longestLine) throw unfit(file, number, "it is longer than a text can be");
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", begin)) {
      yield line(text.slice(begin, end));
      begin = end + 1;
    }
    if (begin < text.length) pieces.push(text.slice(begin));
  }
  if (pieces.length > 0) yield line("");
}

/** Opening a pipe would wait for somebody to write into it; systems without pipes in folders lack the flag. */
const nonBlocking = "O_NONBLOCK" in constants ? constants.O_NONBLOCK : 0;

function* readChunks(file: string): Generator<string> {
  const descriptor = reading(file, () => openSync(file, constants.O_RDONLY | nonBlocking));
  try {
    // Whoever writes into a pipe may keep the store locked for ever, and a device may have no end.
    const stats = reading(file, () => fstatSync(descriptor));
    if (!stats.isFile() && !stats.isDirectory())
      throw unfit(file, 1, "it is a pipe or a device; save to a file, and load that");
    const decoder = new StringDecoder("utf8");
    for (const chunk of readPieces(file, descriptor)) yield decoder.write(chunk);
    yield decoder.end();
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file as it is, or, where it is compressed, what is in it. */
function* readPieces(file: string, descriptor: number): Generator<Buffer> {
  const chunk = Buffer.alloc(chunkBytes);
  for (let position = 0; ;) {
    const count = reading(file, () => readSync(descriptor, chunk, 0, chunkBytes, position));
    if (count === 0) return;
    if (position === 0 && isGzip(chunk)) {
      yield* unpacked(file, descriptor);
      return;
    }
    yield chunk.subarray(0, count);
    position += count;
  }
}

function* unpacked(file: string, descriptor: number): Generator<Buffer> {
  try {
    yield* readMembers(descriptor);
  } catch (cause) {
    const why = `its compression is damaged: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ContextError("EXPORT_INVALID", { source: file, line: 1, why }, { cause });
  }
}

/** The file is put in place by a renaming, which would take the place of a device or a pipe for good. */
function refuseOddTarget(target: string): void {
  const stats = writing(target, () => lstatSync(target, { throwIfNoEntry: false }));
  if (stats === undefined || stats.isFile() || stats.isSymbolicLink() || stats.isDirectory()) return;
  throw new ContextError("EXPORT_UNWRITABLE", { target, why: "a pipe or a device is there" });
}

/** One call may write less than it was given. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

function unfit(source: string, line: number, why: string): ContextError {
  return new ContextError("EXPORT_INVALID", { source, line, why });
}

function reading<Result>(source: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new ContextError("EXPORT_NOT_FOUND", { source }, { cause });
  }
}
