import type { EventHeader, EventRecord, EventType } from "../../core/event.js";

/** An event as SQLite hands it out. */
export interface EventRow extends HeaderRow {
  readonly payload: string;
  readonly hash: Buffer;
}

/** An event without its payload, as SQLite hands it out. */
export interface HeaderRow {
  readonly sequence: number;
  readonly version: number;
  readonly type: string;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly batch: string | null;
  readonly tags: string | null;
  readonly idempotency_key: string | null;
  readonly recorded_at: number;
}

/** The columns of {@link HeaderRow}, for a SELECT. */
export const headerColumns =
  "sequence, version, type, actor, cause, phase, batch, tags, idempotency_key, recorded_at";

/** The columns of {@link EventRow}, for a SELECT. */
export const eventColumns = `${headerColumns}, payload, hash`;

/** Reads a row of the events table. */
export function toRecord(row: EventRow): EventRecord {
  return { ...toHeader(row), payload: row.payload, hash: row.hash.toString("hex") };
}

/** Reads a row of the events table that has no payload. */
export function toHeader(row: HeaderRow): EventHeader {
  return {
    sequence: row.sequence,
    version: row.version,
    // Only append() writes this column.
    type: row.type as EventType,
    actor: row.actor,
    cause: row.cause,
    phase: row.phase,
    batch: row.batch,
    // Only append() writes this column, from an object of strings.
    tags: row.tags === null ? null : (JSON.parse(row.tags) as Record<string, string>),
    idempotencyKey: row.idempotency_key,
    recordedAt: row.recorded_at,
  };
}
