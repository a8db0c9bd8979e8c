import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What a store on a file may have beside it, and the file itself. */
const endings = ["", "-wal", "-shm", "-journal", "-anchor"] as const;

/**
 * Whether a file is the store's own, by whatever path. It opens nothing: to close a file gives up the locks
 * that the process holds on it, the database's too.
 */
export function isFileOfStore(file: string, location: string): boolean {
  return endings.some((ending) => isSameFile(file, location + ending));
}

function isSameFile(one: string, other: string): boolean {
  const [identity, otherIdentity] = [identityOf(one), identityOf(other)];
  if (identity !== undefined || otherIdentity !== undefined) return identity === otherIdentity;
  const path = pathOf(one);
  return path !== undefined && path === pathOf(other);
}

/** Which file a path leads to, links followed; undefined where there is none to be seen. */
function identityOf(file: string): string | undefined {
  return ifReachable(() => {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  });
}

/** The path at which a file would be made. */
function pathOf(file: string): string | undefined {
  return ifReachable(() => join(realpathSync(dirname(file)), basename(file)));
}

/** Whatever stands in the way here is told by the opening of the file, which comes next. */
function ifReachable<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
