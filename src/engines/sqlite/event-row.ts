import type { EventRecord, EventType } from "../../core/event.js";

/** An event as SQLite hands it out. */
export interface EventRow {
  readonly sequence: number;
  readonly version: number;
  readonly type: string;
  readonly payload: string;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly phase: string | null;
  readonly batch: string | null;
  readonly tags: string | null;
  readonly idempotency_key: string | null;
  readonly recorded_at: number;
  readonly hash: Buffer;
}

/** The columns of {@link EventRow}, for a SELECT. */
export const eventColumns =
  "sequence, version, type, payload, actor, cause, phase, batch, tags, idempotency_key, recorded_at, hash";

/** Reads a row of the events table. */
export function toRecord(row: EventRow): EventRecord {
  return {
    sequence: row.sequence,
    version: row.version,
    // Only append() writes this column.
    type: row.type as EventType,
    payload: row.payload,
    actor: row.actor,
    cause: row.cause,
    phase: row.phase,
    batch: row.batch,
    // Only append() writes this column, from an object of strings.
    tags: row.tags === null ? null : (JSON.parse(row.tags) as Record<string, string>),
    idempotencyKey: row.idempotency_key,
    recordedAt: row.recorded_at,
    hash: row.hash.toString("hex"),
  };
}
