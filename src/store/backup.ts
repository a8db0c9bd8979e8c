import { ContextError } from "../core/errors.js";
import type { Backup } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import { isFileOfStore } from "./is-file-of-store.js";

/**
 * Copies the whole store to a new file.
 * @throws {ContextError} EXPORT_UNWRITABLE, BATCH_UNSUPPORTED, and what the engine refuses
 */
export function* backUp(site: Site, file: string): Program<Backup> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "A backup" });
  // A file called after the store's journal would be taken for one, and be rolled back into the store.
  if (isFileOfStore(file, site.engine.location)) {
    throw new ContextError("EXPORT_UNWRITABLE", { target: file, why: "it is a file of the store itself" });
  }
  return yield* wait(site.engine.backup(file));
}
