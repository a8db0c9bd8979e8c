import type { Details, EventRecord } from "../core/event.js";
import type { ReadEffect } from "../core/read-effects.js";

/** An event as it was recorded, with its payload read. */
export interface RecordedEvent {
  readonly record: EventRecord;
  /** The present id of the context that recorded it. */
  readonly owner: string;
  readonly effects: readonly ReadEffect[];
  readonly details: Details;
}
