import { FileBytes } from "./file-bytes.js";
import { opcodes } from "./pickle/opcodes.js";
import { readJson } from "./json/read-json.js";
import { readPickle } from "./pickle/read-pickle.js";
import { type PythonSession, readSession } from "./session.js";

/** What a file of the original was found to be. */
export interface PythonFile {
  readonly format: "json" | "pickle";
  readonly session: PythonSession;
  /** Where in a JSON file a key is written twice; the last value counts. */
  readonly repeated: readonly string[];
}

/**
 * Reads a session that the original saved, of either format: a pickle tells itself by its first byte.
 * @throws {ContextError} PYTHON_INVALID, PYTHON_REFUSED
 */
export function readPython(chunks: Iterable<Uint8Array>, source: string): PythonFile {
  const bytes = new FileBytes(chunks);
  if (bytes.peek() === opcodes.PROTO)
    return { format: "pickle", session: readSession(readPickle(bytes, source), source), repeated: [] };
  const { value, repeated } = readJson(bytes, source);
  return { format: "json", session: readSession(value, source), repeated };
}
