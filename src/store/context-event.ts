import type { Details, EventHeader, Scope } from "../core/event.js";
import { withoutReceipt } from "../core/payload.js";
import { type ReadEffect } from "../core/read-effects.js";
import type { Codec } from "../core/value/codec.js";
import type { Owned } from "../workflows/owned.js";
import type { RecordedEvent } from "../workflows/recorded-event.js";

/** What an event says of itself, beside what it did. */
export interface ContextEventHeader extends Omit<EventHeader, "recordedAt" | "idempotencyKey"> {
  /** The present id of the context that recorded it: the one that was asked, or one that it was forked from. */
  readonly context: string;
  /** When it was recorded, in ms since the epoch. */
  readonly at: number;
}

/** One event as a reader sees it. */
export interface ContextEvent extends ContextEventHeader {
  readonly idempotencyKey: string | null;
  readonly effects: readonly ContextEffect[];
  readonly details: Details;
  /** SHA-256 of the chain up to this event, hex. */
  readonly hash: string;
}

/** What an event did to one key; `value` is there where it set one. */
export interface ContextEffect {
  readonly op: "set" | "delete" | "protect" | "unprotect";
  readonly scope: Scope;
  readonly key: string;
  readonly value?: unknown;
}

/** Makes what an event says of itself fit for readers. */
export function toContextEventHeader(event: Owned<EventHeader>): ContextEventHeader {
  return Object.freeze(headerOf(event));
}

function headerOf(event: Owned<EventHeader>): ContextEventHeader {
  const { owner: context, sequence, version, type, recordedAt: at, actor, cause, phase, batch, tags } = event;
  return { context, sequence, version, type, at, actor, cause, phase, batch, tags: frozenTags(tags) };
}

/** Makes an event fit for readers: copied or frozen, without what the store keeps for itself. */
export function toContextEvent(
  { record, owner, effects, details }: RecordedEvent,
  codec: Codec,
): ContextEvent {
  // Each field is named, since spreading costs more than all the rest.
  const { sequence, version, type, actor, cause, phase, batch, tags, idempotencyKey, hash } = record;
  return Object.freeze({
    context: owner,
    sequence,
    version,
    type,
    at: record.recordedAt,
    actor,
    cause,
    phase,
    batch,
    tags: frozenTags(tags),
    idempotencyKey,
    effects: Object.freeze(effects.map((effect) => toContextEffect(effect, codec))),
    details: Object.freeze(withoutReceipt(details)),
    hash,
  });
}

function toContextEffect({ op, scope, key, held }: ReadEffect, codec: Codec): ContextEffect {
  return Object.freeze(
    op === "set" && held !== undefined ? { op, scope, key, value: codec.share(held) } : { op, scope, key },
  );
}

function frozenTags(tags: EventHeader["tags"]): EventHeader["tags"] {
  return tags === null ? null : Object.freeze({ ...tags });
}
