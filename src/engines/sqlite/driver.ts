/** The oldest SQLite without the WAL-reset bug, by which several processes could corrupt a file. */
const oldestSqlite = [3, 51, 3] as const;

/** Why a driver would crash the process at its first use, in words; to be asked before. */
export function findCrash(found: {
  readonly driver: string;
  readonly napi: string | undefined;
  readonly node: string;
}): string | undefined {
  const { driver, napi, node } = found;
  if (Number(driver.split(".")[0]) < 13 || Number(napi) >= 10) return undefined;
  return `version ${driver} needs Node 22.14 or newer and would crash this one (${node}); install better-sqlite3 12.11.1`;
}

/** Why a version of SQLite could corrupt a file that several processes share, in words. */
export function findCorruption(sqlite: string): string | undefined {
  if (!isOlder(sqlite.split(".").map(Number), oldestSqlite)) return undefined;
  return `it brings SQLite ${sqlite}, and ${oldestSqlite.join(".")} is the oldest that is safe for several processes; install better-sqlite3 12.11.1 or newer`;
}

function isOlder(found: readonly number[], wanted: readonly number[]): boolean {
  const place = wanted.findIndex((part, index) => part !== (found[index] ?? 0));
  return place >= 0 && (found[place] ?? 0) < (wanted[place] ?? 0);
}
