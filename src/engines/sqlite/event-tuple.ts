import type { EventHeader, EventRecord, EventType } from "../../core/event.js";
import { expandPayload, isCompressed } from "./compressed-payload.js";
import { checkOfFirst, payloadCheck } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/**
 * An event without its payload, as a list of its columns. Where thousands are read, an object with names for each
 * row, and a buffer for each hash, would cost more than all that is done with them.
 */
export type HeaderTuple = readonly [...HeaderColumns, rowCheck: number | null];

/** A whole event as such a list. */
export type EventTuple = readonly [...HeaderTuple, payload: string, payloadCheck: number | null];

/** What the checksum of an event's row covers. The payload has one of its own, so that it can stay unread. */
type HeaderColumns = readonly [
  position: number,
  context: number,
  sequence: number,
  version: number,
  type: string,
  actor: string | null,
  cause: string | null,
  phase: string | null,
  batch: string | null,
  tags: string | null,
  idempotencyKey: string | null,
  recordedAt: number,
  hash: string,
];

/** The columns of {@link HeaderTuple}, for a SELECT. */
export const headerColumns =
  "position, context, sequence, version, type, actor, cause, phase, batch, tags, idempotency_key, recorded_at, lower(hex(hash)), events.row_check";

/** The columns of {@link EventTuple}, for a SELECT. */
export const eventColumns = `${headerColumns}, payload, payload_check`;

/** The columns of an event that is to be written. */
export function columnsOf(position: number, context: number, record: EventRecord): HeaderColumns {
  const { sequence, version, type, actor, cause, phase, batch, idempotencyKey, recordedAt, hash } = record;
  const tags = record.tags === null ? null : JSON.stringify(record.tags);
  // prettier-ignore
  return [
    position, context, sequence, version, type, actor, cause, phase, batch, tags, idempotencyKey, recordedAt, hash,
  ];
}

const headerLength = 13;

/** The checksum of an event's row. */
export function headerCheck(tuple: readonly [...HeaderColumns, ...unknown[]]): number {
  return checkOfFirst(headerLength, tuple);
}

/** Reads an event, which must be as it was written. */
export function recordOf(tuple: readonly [...EventTuple, ...unknown[]], guard: RowGuard): EventRecord {
  requireHeader(tuple, guard);
  // Each column is named here and in headerOf: spreading one in the other costs more than all the rest.
  const [, context, sequence, version, type, actor, cause, phase, batch, tags, idempotencyKey, recordedAt] =
    tuple;
  const [hash, payload, check] = [tuple[12], tuple[14], tuple[15]];
  const record: EventRecord = {
    sequence,
    version,
    type: asType(type),
    actor,
    cause,
    phase,
    batch,
    tags: asTags(tags),
    idempotencyKey,
    recordedAt,
    payload,
    hash,
  };
  guard.requireContent(payload, "events", context, sequence);
  guard.compare(check, payloadCheck(context, record, payload), "events", context, sequence);
  return isCompressed(payload) ? { ...record, payload: expandPayload(payload) } : record;
}

/** Reads an event without its payload, which must be as it was written. */
export function headerOf(tuple: readonly [...HeaderTuple, ...unknown[]], guard: RowGuard): EventHeader {
  requireHeader(tuple, guard);
  const [, , sequence, version, type, actor, cause, phase, batch, tags, idempotencyKey, recordedAt] = tuple;
  return {
    sequence,
    version,
    type: asType(type),
    actor,
    cause,
    phase,
    batch,
    tags: asTags(tags),
    idempotencyKey,
    recordedAt,
  };
}

function requireHeader(tuple: readonly [...HeaderTuple, ...unknown[]], guard: RowGuard): void {
  const [, context, sequence] = tuple;
  // The hash of nothing is an empty text.
  guard.requireContent(tuple[12] === "" ? null : tuple[12], "events", context, sequence);
  guard.compare(tuple[headerLength], headerCheck(tuple), "events", context, sequence);
}

function asType(type: string): EventType {
  // Only append() writes this column.
  return type as EventType;
}

function asTags(tags: string | null): EventRecord["tags"] {
  // Only append() writes this column, from an object of strings.
  return tags === null ? null : (JSON.parse(tags) as Record<string, string>);
}
