import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";

/** Sees to it that a name in a folder outlives a power cut. */
export function syncFolderOf(file: string): void {
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
