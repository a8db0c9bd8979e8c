import { ContextError } from "../core/errors.js";
import type { Program } from "../program/program.js";
import { exportContexts, type Selection } from "../workflows/export-contexts.js";
import type { Site } from "../workflows/site.js";
import { writeFileAtomically } from "./export-file.js";
import { checkFileName } from "./check-option.js";
import { isFileOfStore } from "./is-file-of-store.js";

/** How much was saved. */
export interface Saved {
  readonly contexts: number;
  readonly events: number;
}

/**
 * Saves contexts to a file, which replaces an older one only when it is whole and on the disk.
 * @throws {ContextError} EXPORT_UNWRITABLE, BATCH_UNSUPPORTED, and what the selection refuses
 */
export function* saveContexts(site: Site, file: string, select: Selection): Program<Saved> {
  if (isFileOfStore(checkFileName("file", file), site.engine.location)) {
    throw new ContextError("EXPORT_UNWRITABLE", { target: file, why: "it is a file of the store itself" });
  }
  const target = writeFileAtomically(file, site.host.newId());
  try {
    const saved = yield* exportContexts(site, select, target.writeLine);
    target.finish();
    return saved;
  } finally {
    target.discard();
  }
}
