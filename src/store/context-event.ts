import type { Details, EventHeader, Scope } from "../core/event.js";
import { withoutReceipt } from "../core/payload.js";
import type { Codec } from "../core/value/codec.js";
import type { HashedEvent } from "../workflows/history.js";
import type { Owned } from "../workflows/owned.js";

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
  const frozenTags = tags === null ? null : Object.freeze({ ...tags });
  return { context, sequence, version, type, at, actor, cause, phase, batch, tags: frozenTags };
}

/** Makes an event fit for readers: copied or frozen, without what the store keeps for itself. */
export function toContextEvent(event: Owned<HashedEvent>, codec: Codec): ContextEvent {
  const { effects, details, hash, idempotencyKey } = event;
  return Object.freeze({
    ...headerOf(event),
    idempotencyKey,
    effects: Object.freeze(
      effects.map((effect) => {
        const { op, scope, key } = effect;
        return Object.freeze(
          op === "set" ? { op, scope, key, value: codec.share(effect.held) } : { op, scope, key },
        );
      }),
    ),
    details: Object.freeze(withoutReceipt(details)),
    hash,
  });
}
