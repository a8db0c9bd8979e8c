import type { Codec } from "../core/value/codec.js";
import type { FoundEvent } from "../workflows/watch.js";
import { type ContextEvent, toContextEvent } from "./context-event.js";

/** An event with its place in the whole store; `context` is empty for the store's own. */
export interface WatchedEvent extends ContextEvent {
  /** The number of the event in the whole store: it grows, with gaps where contexts were deleted. */
  readonly position: number;
  /** Whether this watch hands over no more events of the same batch, so that the state is whole; true outside batches. */
  readonly isLastOfBatch: boolean;
}

/**
 * Makes an event of the log fit for readers.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function toWatchedEvent(
  { record, reader }: FoundEvent,
  isLastOfBatch: boolean,
  codec: Codec,
): WatchedEvent {
  const { position, name } = record;
  const event = toContextEvent(reader.read(record, name), codec);
  return Object.freeze({ ...event, position, isLastOfBatch });
}
