/**
 * The tables of a store, for drizzle. drizzle-kit generates migrations from this file; STRICT, WITHOUT ROWID,
 * triggers and views are added to the generated SQL by hand, since it cannot express them. A row_check is the
 * checksum of its row (row-check.ts); rows that an older release wrote have none.
 */
import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Truth: every context that exists; row 0 is the store's own stream. An id is never used again. */
export const contexts = sqliteTable(
  "contexts",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull().unique(),
    createdAt: integer("created_at").notNull(),
    /** The context this one was forked from, and the event of it that was the last one shared. */
    parent: integer(),
    forkSequence: integer("fork_sequence"),
    /** Of a context that was deleted: the last event that its forks still need. Null for all others. */
    keptSequence: integer("kept_sequence"),
    rowCheck: integer("row_check"),
    /** The event up to which its history was pruned, and that event's position. Null where it is whole. */
    floorSequence: integer("floor_sequence"),
    floorPosition: integer("floor_position"),
  },
  (table) => [
    index("contexts_parent").on(table.parent),
    index("contexts_floor")
      .on(table.floorPosition)
      .where(sql`floor_position IS NOT NULL`),
  ],
);

/** Truth: the append-only log. */
export const events = sqliteTable(
  "events",
  {
    position: integer().primaryKey(),
    context: integer()
      .notNull()
      .references(() => contexts.id),
    sequence: integer().notNull(),
    version: integer().notNull(),
    type: text().notNull(),
    payload: text().notNull(),
    actor: text(),
    cause: text(),
    phase: text(),
    batch: text(),
    tags: text(),
    idempotencyKey: text("idempotency_key"),
    recordedAt: integer("recorded_at").notNull(),
    hash: blob().notNull(),
    /** Checksums: of the row but for its payload, of the payload in its place, of the keys that are present after it. */
    rowCheck: integer("row_check"),
    payloadCheck: integer("payload_check"),
    keysCheck: integer("keys_check"),
    marksCheck: integer("marks_check"),
  },
  (table) => [uniqueIndex("events_context_sequence").on(table.context, table.sequence)],
);

/** Projection, fed by every event: the present entry of each key. */
export const currentKeys = sqliteTable(
  "current_keys",
  {
    context: integer().notNull(),
    scope: text().notNull(),
    key: text().notNull(),
    created: integer().notNull(),
    sequence: integer().notNull(),
    version: integer().notNull(),
    changedAt: integer("changed_at").notNull(),
    value: text(),
    rowCheck: integer("row_check"),
    /** The size of a value that stands in the log alone. */
    bytes: integer(),
  },
  (table) => [primaryKey({ columns: [table.context, table.scope, table.key] })],
);

/** Projection, fed by every event: which event did what to which key. Time travel seeks in it. */
export const keyChanges = sqliteTable(
  "key_changes",
  {
    context: integer().notNull(),
    scope: text().notNull(),
    key: text().notNull(),
    sequence: integer().notNull(),
    position: integer().notNull(),
    created: integer().notNull(),
    operation: text().notNull(),
    rowCheck: integer("row_check"),
  },
  (table) => [primaryKey({ columns: [table.context, table.scope, table.key, table.sequence] })],
);

/** Projection, fed by phase_started, phase_finished, phase_failed, phase_unmerged and phase_superseded. */
export const phases = sqliteTable(
  "phases",
  {
    context: integer().notNull(),
    id: text().notNull(),
    name: text().notNull(),
    once: text(),
    status: text().notNull(),
    startedSequence: integer("started_sequence").notNull(),
    endedSequence: integer("ended_sequence"),
    rowCheck: integer("row_check"),
  },
  (table) => [
    primaryKey({ columns: [table.context, table.id] }),
    index("phases_started").on(table.context, table.startedSequence),
  ],
);

/** Projection, fed by every event with an idempotency key. */
export const receipts = sqliteTable(
  "receipts",
  {
    context: integer().notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    sequence: integer().notNull(),
    command: text().notNull(),
    outcome: text(),
    rowCheck: integer("row_check"),
  },
  (table) => [primaryKey({ columns: [table.context, table.idempotencyKey] })],
);

/** Neither truth nor projection: where folds of callers' own have come to, and what they have made by then. */
export const cursors = sqliteTable(
  "cursors",
  {
    context: integer().notNull(),
    name: text().notNull(),
    sequence: integer().notNull(),
    hash: blob().notNull(),
    value: text().notNull(),
    updatedAt: integer("updated_at").notNull(),
    rowCheck: integer("row_check"),
  },
  (table) => [primaryKey({ columns: [table.context, table.name] })],
);

/** Which migrations this file has had. */
export const migrationsApplied = sqliteTable("migrations_applied", {
  tag: text().primaryKey(),
  hash: text().notNull(),
  appliedAt: integer("applied_at").notNull(),
});
