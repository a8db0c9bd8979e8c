import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import type { Program } from "../program/program.js";
import { importContexts } from "../workflows/import-contexts.js";
import type { Site } from "../workflows/site.js";
import { checkFileName } from "./check-option.js";
import { readLines } from "./export-file.js";
import { isFileOfStore } from "./is-file-of-store.js";

/**
 * Loads contexts from a file that was saved, or that is an archive.
 * @throws {ContextError} EXPORT_NOT_FOUND, EXPORT_INVALID, EXPORT_NEWER, CONTEXT_EXISTS
 */
export function* loadContexts(site: Site, file: string, origin: Origin): Program<readonly string[]> {
  if (isFileOfStore(checkFileName("file", file), site.engine.location)) {
    const why = "it is a file of the store itself";
    throw new ContextError("EXPORT_INVALID", { source: file, line: 1, why });
  }
  const lines = readLines(file);
  try {
    return yield* importContexts(site, lines, file, origin);
  } finally {
    // Closes the file when reading stopped before its end.
    lines.return(undefined);
  }
}
