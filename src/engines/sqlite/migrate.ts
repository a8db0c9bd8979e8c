import type Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { moveLargeValues } from "./move-large-values.js";
import { migrations } from "./migrations.generated.js";

/** The schema number of this release: how many migrations it knows. It is the file's `user_version`. */
const schemaNumber = migrations.length;

/** The first schema whose stores have an anchor; an older one gets it before it is brought to this schema. */
export const anchoredSince = 5;

/** The first schema whose large values stand in the log alone. */
const largeValuesMovedSince = 6;

/**
 * Brings a file to this release's schema. Safe when several processes do it at once: the number is looked
 * at again under the write lock.
 * @throws {ContextError} STORE_NEWER
 */
export function migrate(database: Database.Database, store: string, now: number): void {
  if (readSchemaNumber(database, store) === schemaNumber) return;
  database
    .transaction(() => {
      const done = readSchemaNumber(database, store);
      for (const { sql, tag, hash } of migrations.slice(done)) {
        database.exec(sql);
        database
          .prepare("INSERT INTO migrations_applied (tag, hash, applied_at) VALUES (?, ?, ?)")
          .run(tag, hash, now);
      }
      if (done < largeValuesMovedSince) moveLargeValues(database);
      database.pragma(`user_version = ${schemaNumber}`);
    })
    .immediate();
}

/**
 * Reads the schema number of a file.
 * @throws {ContextError} STORE_NEWER
 */
export function readSchemaNumber(database: Database.Database, store: string): number {
  // SQLite keeps user_version as a 32-bit integer.
  const found = database.pragma("user_version", { simple: true }) as number;
  if (found > schemaNumber) throw new ContextError("STORE_NEWER", { store, found, known: schemaNumber });
  return found;
}
