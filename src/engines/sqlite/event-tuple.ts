import type { EventRecord, EventType } from "../../core/event.js";

/**
 * An event as a list of its columns. Where thousands are read, an object with names for each row, and a buffer
 * for each hash, would cost more than all that is done with them.
 */
export type EventTuple = readonly [
  sequence: number,
  version: number,
  type: string,
  payload: string,
  actor: string | null,
  cause: string | null,
  phase: string | null,
  batch: string | null,
  tags: string | null,
  idempotencyKey: string | null,
  recordedAt: number,
  hash: string,
];

/** The columns of {@link EventTuple}, for a SELECT. */
export const tupleColumns =
  "sequence, version, type, payload, actor, cause, phase, batch, tags, idempotency_key, recorded_at, lower(hex(hash))";

/** Reads such a list. */
export function recordOf(tuple: EventTuple): EventRecord {
  const [
    sequence,
    version,
    type,
    payload,
    actor,
    cause,
    phase,
    batch,
    tags,
    idempotencyKey,
    recordedAt,
    hash,
  ] = tuple;
  return {
    sequence,
    version,
    // Only append() writes this column.
    type: type as EventType,
    payload,
    actor,
    cause,
    phase,
    batch,
    // Only append() writes this column, from an object of strings.
    tags: tags === null ? null : (JSON.parse(tags) as Record<string, string>),
    idempotencyKey,
    recordedAt,
    hash,
  };
}
