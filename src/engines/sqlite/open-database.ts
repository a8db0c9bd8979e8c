import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import type Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { Anchor, anchorEnding, type AnchorFile, createAnchor, readAnchor } from "./anchor.js";
import { requireOwnSchema } from "./compare-schema.js";
import { connect, type Durability } from "./connect.js";
import { createStoreFile, inspectStoreFile, storeExists, storeIdentity, syncToDisk } from "./file.js";
import { findLoss, type Loss } from "./find-loss.js";
import { anchoredSince, migrate, readSchemaNumber } from "./migrate.js";
import { requireLocalDisk } from "./network-disk.js";
import { newestHead } from "./newest-head.js";
import { endGroupOf } from "./open-groups.js";
import { waitOfConnection } from "./patience.js";

export interface OpenOptions {
  readonly durability: Durability;
  /** `open-or-create` makes a store where there is none; `open` refuses to. */
  readonly mode: "open" | "open-or-create";
  /** Whether a store that lacks what its anchor tells of is refused, or opened as it is. */
  readonly behind: "refuse" | "accept";
  /** How long other processes are waited for, in ms. */
  readonly lockTimeoutMs: number;
  /** `refuse` opens nothing on a network file system. */
  readonly networkDisk: "refuse" | "accept";
  readonly now: () => number;
  /** Fresh text that names a temporary file. */
  readonly unique: () => string;
}

/** A database that is ready for use. */
export interface OpenDatabase {
  /** The full path of the file, links resolved. */
  readonly location: string;
  readonly database: Database.Database;
  readonly anchor: Anchor;
  /** What was lacking, where that was to be accepted. */
  readonly loss: Loss | undefined;
}

/** Opens a store's file, making it first if that is asked for and nothing of it exists. */
export function openDatabase(location: string, options: OpenOptions): OpenDatabase {
  const timeout = waitOfConnection(options.lockTimeoutMs);
  const isRefused = options.networkDisk === "refuse";
  if (isRefused) requireLocalDisk(dirname(location), location);
  if (!storeExists(location)) {
    if (options.mode === "open") throw new ContextError("STORE_NOT_FOUND", { store: location });
    createStoreFile(location, options.unique(), options.now());
  }
  const real = realpathSync(location);
  if (isRefused) requireLocalDisk(dirname(real), location);
  endGroupOf(storeIdentity(real));
  const told = readAnchor(real);
  inspectStoreFile(location, timeout);
  const database = connect(real, { durability: options.durability, timeout });
  try {
    const loss = lossOf(database, told, { location, real, options });
    migrate(database, location, options.now());
    // Not the file that was inspected, if somebody was quick.
    requireOwnSchema(database, location);
    // The write-ahead log exists from here on; its entry in the folder must outlive a power cut.
    syncToDisk(dirname(real));
    return { location: real, database, anchor: new Anchor(real), loss };
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Place {
  readonly location: string;
  readonly real: string;
  readonly options: OpenOptions;
}

/**
 * Holds a store to its anchor, and makes one where there is none to be.
 * @throws {ContextError} STORE_BEHIND, STORE_UNANCHORED
 */
function lossOf(database: Database.Database, told: AnchorFile, place: Place): Loss | undefined {
  const { location, real, options } = place;
  const isExpected = readSchemaNumber(database, location) >= anchoredSince;
  const loss = isExpected || told.is === "head" ? findLoss(database, told) : undefined;
  if (loss !== undefined && options.behind === "refuse") throw refusal(location, loss);
  if (told.is === "missing") createAnchor(real, newestHead(database), options.unique());
  return loss;
}

function refusal(store: string, { expected, found, why }: Loss): ContextError {
  if (expected !== undefined) return new ContextError("STORE_BEHIND", { store, expected, found, why });
  return new ContextError("STORE_UNANCHORED", { store, anchor: store + anchorEnding, why });
}
