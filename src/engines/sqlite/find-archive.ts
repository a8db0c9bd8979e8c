import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ArchiveLocation } from "../../core/archive.js";

/** Finds an archive: in the store's folder, where it came along with the store, and else where it was put. */
export function findArchive(store: string, { file, beside }: ArchiveLocation): string {
  const near = beside === undefined ? undefined : join(dirname(store), beside);
  return near !== undefined && existsSync(near) ? near : file;
}
