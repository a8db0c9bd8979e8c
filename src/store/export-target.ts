import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { ContextError } from "../core/errors.js";

/**
 * Does something to a file that an export is written to.
 * @throws {ContextError} EXPORT_UNWRITABLE
 */
export function writing<Result>(target: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContextError("EXPORT_UNWRITABLE", { target, why }, { cause });
  }
}

/** Sees to it that a name in a folder outlives a power cut. */
export function syncFolderOf(file: string): void {
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
