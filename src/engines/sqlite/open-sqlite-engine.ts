import type { Engine } from "../engine.js";
import { explainOpening, isDamage } from "./failures.js";
import { resolveStorePath, unreachable } from "./file.js";
import type { Loss } from "./find-loss.js";
import { openDatabase, type OpenDatabase } from "./open-database.js";
import { patiently } from "./patience.js";
import { SqliteEngine, type SqliteOptions } from "./sqlite-engine.js";

/** A store on SQLite, and what it lacks, where that was to be accepted. */
export interface OpenedStore {
  readonly engine: Engine<"sync">;
  readonly loss: AcceptedLoss | undefined;
}

export interface AcceptedLoss extends Pick<Loss, "expected" | "found"> {
  /** Begins the anchor anew with what is there; until then, the store is behind for whoever opens it. */
  readonly settle: () => void;
}

/**
 * Opens a store's file, making it first if that is asked for and nothing of it exists.
 * @throws {ContextError} STORE_NOT_FOUND, STORE_FOREIGN, STORE_NEWER, STORE_ALTERED, STORE_INCOMPLETE, STORE_UNREACHABLE,
 *   STORE_BEHIND, STORE_UNANCHORED, STORE_REMOTE
 */
export function openSqliteEngine(path: string, options: SqliteOptions): OpenedStore {
  try {
    const location = resolveStorePath(path, "path");
    const open = () => patiently({ ...options, store: location }, () => openDatabase(location, options));
    return started(readTwice(open), options);
  } catch (error) {
    throw unreachable(explainOpening(error, path), path);
  }
}

/** A disk that could not be read for a moment looks like damage; the second time it is. */
function readTwice<Result>(open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    if (isDamage(error)) return open();
    throw error;
  }
}

function started(opened: OpenDatabase, options: SqliteOptions): OpenedStore {
  try {
    const engine = new SqliteEngine(opened, options);
    const { loss } = opened;
    const settle = () => {
      engine.renewAnchor();
    };
    return { engine, loss: loss && { expected: loss.expected, found: loss.found, settle } };
  } catch (error) {
    opened.anchor.close();
    opened.database.close();
    throw error;
  }
}
