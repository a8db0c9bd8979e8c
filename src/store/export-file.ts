import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { ContextError } from "../core/errors.js";

/** Bytes read or written at once. */
const chunkBytes = 1 << 16;

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

/** Reads a file line by line; only one chunk and one line are in memory. */
export function* readLines(file: string): Generator<string> {
  // What is there so far of a line that spans chunks; to join it anew at each would cost its square.
  let pieces: string[] = [];
  const line = (last: string): string => {
    const whole = reading(file, () => pieces.concat(last).join(""));
    pieces = [];
    return whole;
  };
  for (const text of readChunks(file)) {
    let begin = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", begin)) {
      yield line(text.slice(begin, end));
      begin = end + 1;
    }
    if (begin < text.length) pieces.push(text.slice(begin));
  }
  if (pieces.length > 0) yield line("");
}

function* readChunks(file: string): Generator<string> {
  const descriptor = reading(file, () => openSync(file, "r"));
  try {
    const decoder = new StringDecoder("utf8");
    const chunk = Buffer.alloc(chunkBytes);
    for (;;) {
      const count = reading(file, () => readSync(descriptor, chunk, 0, chunkBytes, null));
      yield count === 0 ? decoder.end() : decoder.write(chunk.subarray(0, count));
      if (count === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** One call may write less than it was given. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

function syncFolderOf(file: string): void {
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function reading<Result>(source: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new ContextError("EXPORT_NOT_FOUND", { source }, { cause });
  }
}

function writing<Result>(target: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContextError("EXPORT_UNWRITABLE", { target, why }, { cause });
  }
}
