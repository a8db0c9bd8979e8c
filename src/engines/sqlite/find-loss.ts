import type Database from "better-sqlite3";
import type { AnchorFile } from "./anchor.js";
import { newestHead } from "./newest-head.js";

/** What a store may lack of what was acknowledged; positions are numbers of events in the whole store. */
export interface Loss {
  /** The event that the anchor tells of; undefined where there is no anchor to tell. */
  readonly expected: number | undefined;
  /** The newest event that is there. */
  readonly found: number;
  readonly why: string;
}

/** Compares a store with what its anchor said before it was opened; undefined where nothing is lacking. */
export function findLoss(database: Database.Database, anchor: AnchorFile): Loss | undefined {
  const { position: found } = newestHead(database);
  if (anchor.is !== "head") return { expected: undefined, found, why: anchor.is };
  const { position: expected, hash } = anchor.head;
  if (found < expected) {
    const why = `its anchor tells of event ${expected} of the store, and the newest one here is event ${found}`;
    return { expected, found, why };
  }
  const there = database
    .prepare<[number], string>("SELECT lower(hex(hash)) FROM events WHERE position = ?")
    .pluck()
    .get(expected);
  // A context may have been deleted since, with its events.
  if (there === undefined || there === hash) return undefined;
  return { expected, found, why: `event ${expected} of the store is not the one that its anchor tells of` };
}
