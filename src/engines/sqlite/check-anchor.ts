import type Database from "better-sqlite3";
import { readAnchor } from "./anchor.js";
import { findLoss } from "./find-loss.js";

/** Holds a store that is open to its anchor; gives what is wrong, in words. */
export function checkAnchor(database: Database.Database, store: string): readonly string[] {
  // Whatever is committed between the two only makes the store newer than what was read.
  const told = readAnchor(store);
  const loss = findLoss(database, told);
  if (loss === undefined) return [];
  return [loss.expected === undefined ? `its anchor is ${loss.why}` : loss.why];
}
