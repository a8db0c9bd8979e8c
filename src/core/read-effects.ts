import { ContextError, isContextError } from "./errors.js";
import { type Effect, markHeld, type Scope } from "./event.js";
import {
  erasedDigest,
  type EventPlace,
  patchCost,
  type StoredEffect,
  type StoredPayload,
} from "./payload.js";
import type { State } from "./state.js";
import type { Codec, Held } from "./value/codec.js";

/** Finds the value that a key got from the event of a number, which a patch is on. */
export type ValueBefore = (
  place: { readonly scope: Scope; readonly key: string },
  on: number,
) => Held | undefined;

/** Finds it in a state, for the event that comes next. */
export function valueIn({ scopes }: Pick<State, "scopes">): ValueBefore {
  return ({ scope, key }, on) => {
    const entry = scopes[scope].get(key);
    return entry?.sequence === on ? entry : undefined;
  };
}

/**
 * Decodes the effects of a parsed payload; the payload is given away.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function decodeEffects(
  payload: StoredPayload,
  codec: Codec,
  place: EventPlace,
  before: ValueBefore,
): Effect[] {
  return decoding(place, () => payload.effects.map((effect) => decodeEffect(effect, codec, before)));
}

/** An effect as it is read back: what its key then holds, or nothing where it holds nothing more. */
export interface ReadEffect {
  /** A value is set, however it stands in the log. */
  readonly op: Exclude<Effect["op"], "patch">;
  readonly scope: Scope;
  readonly key: string;
  readonly held: Held | undefined;
}

/**
 * Does what {@link decodeEffects} does, but for the sizes of the values, which nobody needs who only looks.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function readEffects(
  payload: StoredPayload,
  codec: Codec,
  place: EventPlace,
  before: ValueBefore,
): ReadEffect[] {
  return decoding(place, () => payload.effects.map((effect) => readEffect(effect, codec, before)));
}

/** Reads what cannot be read where a value in the log is none of ours, or a patch does not fit: damage. */
export function decoding<Result>(place: EventPlace, decode: () => Result): Result {
  try {
    return decode();
  } catch (cause) {
    if (isContextError(cause)) throw cause;
    throw new ContextError(
      "EVENT_UNREADABLE",
      { ...place, why: "a value in it is not one of ours" },
      { cause },
    );
  }
}

function readEffect(effect: StoredEffect, codec: Codec, before: ValueBefore): ReadEffect {
  const { op, scope, key, value } = effect;
  switch (op) {
    case "set":
      return { op, scope, key, held: codec.decode(value) };
    case "patch":
      return { op: "set", scope, key, held: patchedValue(effect, codec, before) };
    case "delete":
    case "unprotect":
      return { op, scope, key, held: undefined };
    case "protect":
      return { op, scope, key, held: markHeld };
  }
}

/** The value that a patch makes; of one that was erased, what is left. */
function patchedValue(effect: StoredEffect, codec: Codec, before: ValueBefore): Held {
  const { patch } = effect;
  if (patch === undefined || erasedDigest(effect) !== undefined) return codec.decode(patch);
  const found = before(effect, patch.on);
  if (found === undefined) throw new Error("It patches another value than the one that is there.");
  return codec.patch(found, patch.edits);
}

function decodeEffect(effect: StoredEffect, codec: Codec, before: ValueBefore): Effect {
  const { op, scope, key, value, patch } = effect;
  switch (op) {
    case "set": {
      const bytes = Buffer.byteLength(JSON.stringify(value));
      return { op, scope, key, held: { ...codec.decode(value), bytes } };
    }
    case "patch": {
      const text = JSON.stringify(patch);
      const isErased = erasedDigest(effect) !== undefined;
      const bytes = patch === undefined || isErased ? Buffer.byteLength(text) : patch.bytes;
      return {
        op,
        scope,
        key,
        held: { ...patchedValue(effect, codec, before), bytes },
        cost: patchCost(text),
      };
    }
    case "delete":
      return { op, scope, key };
    case "protect":
    case "unprotect":
      return { op, scope: "protection", key };
  }
}
