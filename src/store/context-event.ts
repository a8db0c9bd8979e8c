import type { Details, EventHeader, Scope } from "../core/event.js";
import { withoutReceipt } from "../core/payload.js";
import type { Codec } from "../core/value/codec.js";
import type { HashedEvent } from "../workflows/history.js";

/** One event as a reader sees it. */
export interface ContextEvent extends Omit<EventHeader, "recordedAt"> {
  readonly context: string;
  /** When it was recorded, in ms since the epoch. */
  readonly at: number;
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

/** Makes an event fit for readers: copied or frozen, without what the store keeps for itself. */
export function toContextEvent(event: HashedEvent, context: string, codec: Codec): ContextEvent {
  const { recordedAt: at, effects, details, sequence, version, type, hash } = event;
  const { actor, cause, phase, batch, tags, idempotencyKey } = event;
  return Object.freeze({
    context,
    sequence,
    version,
    type,
    at,
    actor,
    cause,
    phase,
    batch,
    tags,
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
