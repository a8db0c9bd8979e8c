import type { HeldValues } from "../core/diff/diff-held.js";
import type { Codec } from "../core/value/codec.js";

/** Persistent keys as they are held, and the codec that knows the classes of their values. */
export interface HeldState {
  readonly values: HeldValues;
  readonly codec: Codec;
}

/** Names what is asked of whoever holds a state; nobody else can. */
export const heldState: unique symbol = Symbol("heldState");

/** Whoever holds a state: a view, or a context as it is now. */
export interface StateHolder {
  /** @internal */
  readonly [heldState]: HeldState;
}

/** Whether something holds a state. */
export function isStateHolder(something: unknown): something is StateHolder {
  return typeof something === "object" && something !== null && heldState in something;
}
