import { diffHeld } from "../core/diff/diff-held.js";
import type { Difference } from "../core/diff/difference.js";
import { ContextError } from "../core/errors.js";
import { type Codec, createCodec } from "../core/value/codec.js";
import { type HeldState, heldState, isStateHolder } from "./held-state.js";
import { ownEntries } from "./intake.js";

/**
 * Tells how one state became another: each a view, a context as it is now, of whatever store, or a plain object
 * of keys and values, which is compared as the store of the other would hold it.
 * @example diff(ctx.at(3), ctx); diff(ctx.at("@snapshot:draft"), { plan: [], owner: "ada" })
 * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP for a plain object that could not be stored
 */
export function diff(before: object, after: object): Difference {
  const [one, other] = [stateOf(before), stateOf(after)];
  const codec = one?.codec ?? other?.codec ?? createCodec();
  return diffHeld((one ?? taken(before, codec)).values, (other ?? taken(after, codec)).values);
}

function stateOf(something: object): HeldState | undefined {
  return isStateHolder(something) ? something[heldState] : undefined;
}

function taken(plain: object, codec: Codec): HeldState {
  const values = ownEntries(plain).map(([key, value]) => {
    if (value === undefined) throw new ContextError("VALUE_UNSUPPORTED", { path: key, what: "undefined" });
    return [key, codec.take(value, key)] as const;
  });
  return { values, codec };
}
