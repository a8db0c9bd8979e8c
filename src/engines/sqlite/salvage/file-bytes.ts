import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isCode } from "../is-code.js";

/** A file that is read where one asks; one that is not there has no bytes. It is never written. */
export interface FileBytes {
  readonly size: number;
  /** Reads as many bytes as are there, at most `length`. */
  readonly read: (at: number, length: number) => Buffer;
  /** Whether nobody has written to it since it was opened. */
  readonly isUnchanged: () => boolean;
  readonly close: () => void;
}

/** Opens a file to look at its bytes. */
export function openBytes(path: string): FileBytes {
  const descriptor = openIfThere(path);
  if (descriptor === undefined)
    return { size: 0, read: () => Buffer.alloc(0), isUnchanged: () => true, close: () => undefined };
  const { size, mtimeMs } = fstatSync(descriptor);
  return {
    size,
    read: (at, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(descriptor, bytes, done, bytes.length - done, at + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    },
    isUnchanged: () => {
      const now = fstatSync(descriptor);
      return now.size === size && now.mtimeMs === mtimeMs;
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
