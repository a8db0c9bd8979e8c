import type { Details, EventRecord } from "../core/event.js";
import { parsePayload, type ReadEffect, readEffects } from "../core/payload.js";
import type { Codec } from "../core/value/codec.js";

/** An event as it was recorded, with its payload read. */
export interface RecordedEvent {
  readonly record: EventRecord;
  /** The present id of the context that recorded it. */
  readonly owner: string;
  readonly effects: readonly ReadEffect[];
  readonly details: Details;
}

/**
 * Reads the payload of an event.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function readRecord(record: EventRecord, owner: string, codec: Codec): RecordedEvent {
  const place = { context: owner, sequence: record.sequence };
  const payload = parsePayload(record.payload, place);
  return { record, owner, effects: readEffects(payload, codec, place), details: payload.details };
}
