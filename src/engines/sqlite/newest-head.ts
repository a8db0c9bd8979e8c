import type Database from "better-sqlite3";
import { type AnchoredHead, beginning } from "./anchor-record.js";

/** The newest event of a store, as its anchor tells of it. */
export function newestHead(database: Database.Database): AnchoredHead {
  const newest = database
    .prepare<[], AnchoredHead>(
      "SELECT position, lower(hex(hash)) AS hash FROM events ORDER BY position DESC LIMIT 1",
    )
    .get();
  return newest ?? beginning;
}
