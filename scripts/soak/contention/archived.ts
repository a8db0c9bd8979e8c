import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openMemoryStore } from "../../../src/index.js";
import type { Receipt } from "./orders.js";

/** What was pruned of the contexts of a store. */
export interface ArchivedEvents {
  readonly has: (receipt: Receipt) => boolean;
  /** Where the archives of a context end; at its beginning, where there are none. */
  readonly endOf: (context: string) => { sequence: number; version: number; made: number };
}

/**
 * Reads all archives beside a store; each has to be whole, and to go on where the one before it ended.
 * @throws {Error} if one does not
 */
export function archivedBeside(path: string): ArchivedEvents {
  const folder = `${path}.archive`;
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl.gz")) : [];
  const causes = new Map<string, { cause: string | null; hash: string }>();
  const ends = new Map<string, { sequence: number; version: number; made: number }>();
  for (const name of files.sort((a, b) => firstOf(a) - firstOf(b))) {
    using memory = openMemoryStore();
    for (const context of memory.load(join(folder, name))) {
      const end = ends.get(context) ?? { sequence: 0, version: 0, made: 1 };
      if (firstOf(name) !== end.sequence + 1)
        throw new Error(`${name} does not begin behind #${end.sequence}`);
      for (const { sequence, cause, hash } of memory.context(context).events())
        causes.set(`${context}#${sequence}`, { cause, hash });
      const { sequence, version } = memory.context(context);
      ends.set(context, { sequence, version, made: 1 });
    }
  }
  return {
    has({ context, sequence, cause, hash }) {
      const found = causes.get(`${context}#${sequence}`);
      return found?.cause === cause && (hash === undefined || found.hash === hash);
    },
    endOf: (context) => ends.get(context) ?? { sequence: 0, version: 0, made: 0 },
  };
}

/** The number of the first event in an archive, which its name tells. */
function firstOf(name: string): number {
  return Number(/-(\d+)-\d+\.jsonl\.gz$/.exec(name)?.[1]);
}
