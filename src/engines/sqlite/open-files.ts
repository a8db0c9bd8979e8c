import { statSync } from "node:fs";

/** The files that engines of this process have open, and how often. */
const open = new Map<string, number>();

/** Notes that a file was opened; gives the way to say, once, that it was closed. */
export function noteOpen(path: string): () => void {
  const file = identityOf(path);
  open.set(file, (open.get(file) ?? 0) + 1);
  return () => {
    const left = (open.get(file) ?? 1) - 1;
    if (left > 0) open.set(file, left);
    else open.delete(file);
  };
}

/**
 * Whether this process has a file open as a store. To read its bytes then would give up SQLite's locks on it
 * as soon as the reading ends.
 */
export function isOpenHere(path: string): boolean {
  return open.has(identityOf(path));
}

function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? path : `${stats.dev}:${stats.ino}`;
}
