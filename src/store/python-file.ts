import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { ContextError } from "../core/errors.js";
import { type PythonFile, readPython } from "../core/python/read-python.js";

/** Bytes read at once. */
const chunkBytes = 1 << 18;

/** Opening a pipe would wait for somebody to write into it; systems without pipes in folders lack the flag. */
const nonBlocking = "O_NONBLOCK" in constants ? constants.O_NONBLOCK : 0;

/**
 * Reads a session of the Python original, with the digest of its file; no more than a piece of the file is in memory
 * beside what is made of it.
 * @throws {ContextError} EXPORT_NOT_FOUND, PYTHON_INVALID, PYTHON_REFUSED
 */
export function readPythonFile(source: string): { readonly file: PythonFile; readonly sha256: string } {
  const descriptor = reading(source, () => openSync(source, constants.O_RDONLY | nonBlocking));
  try {
    const stats = reading(source, () => fstatSync(descriptor));
    if (!stats.isFile() && !stats.isDirectory()) {
      const why = "it is a pipe or a device; import from a file";
      throw new ContextError("PYTHON_INVALID", { source, at: "byte 0", why });
    }
    const digest = createHash("sha256");
    const file = readPython(chunksOf(source, descriptor, digest), source);
    return { file, sha256: digest.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}

/** The same piece of memory again and again: whoever reads it copies what it keeps. */
function* chunksOf(
  source: string,
  descriptor: number,
  digest: { readonly update: (bytes: Uint8Array) => unknown },
): Generator<Uint8Array> {
  const chunk = new Uint8Array(chunkBytes);
  for (let position = 0; ;) {
    const count = reading(source, () => readSync(descriptor, chunk, 0, chunkBytes, position));
    if (count === 0) return;
    const bytes = chunk.subarray(0, count);
    digest.update(bytes);
    yield bytes;
    position += count;
  }
}

function reading<Result>(source: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new ContextError("EXPORT_NOT_FOUND", { source }, { cause });
  }
}
