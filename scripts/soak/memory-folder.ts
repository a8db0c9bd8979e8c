import { accessSync, constants, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memoryDisk = "/dev/shm";

/** Makes a folder in memory, where there is such a disk, for files that are written and flushed by the thousand. */
export function makeMemoryFolder(topic: string): string {
  return mkdtempSync(join(isWritable(memoryDisk) ? memoryDisk : tmpdir(), `durable-context-${topic}-`));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
