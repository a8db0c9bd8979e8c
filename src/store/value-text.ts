import { ContextError, isContextError } from "../core/errors.js";
import { createCodec, type ValueClass } from "../core/value/codec.js";
import type { Frozen } from "./frozen.js";

/** How a value is written as text, or read from it. */
export interface ValueTextOptions {
  /** Classes whose instances may be in the value. */
  readonly classes?: readonly ValueClass[];
}

/**
 * Writes a value as the JSON text that the store keeps: what JSON lacks stands in it as `{"$type": …}`.
 * @example encodeValue({ due: new Date(0) }); // {"due":{"$type":"date","value":"1970-01-01T00:00:00.000Z"}}
 * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP
 */
export function encodeValue(value: unknown, { classes }: ValueTextOptions = {}): string {
  return createCodec(classes).describe(value, "value").text;
}

/**
 * Reads a value from the text that {@link encodeValue} writes.
 * @throws {ContextError} CLASS_UNKNOWN, VALUE_UNREADABLE
 */
export function decodeValue(text: string, { classes }: ValueTextOptions = {}): unknown {
  const codec = createCodec(classes);
  // A caller without types may pass anything.
  if (typeof (text as unknown) !== "string") throw unreadable("It is not text.");
  try {
    return codec.thaw(codec.read(text));
  } catch (error) {
    if (isContextError(error)) throw error;
    throw unreadable(error instanceof Error ? error.message : "The text cannot be read.", error);
  }
}

/**
 * Gives a frozen copy of a value, as a read of the store would. Where it is plain data, writing it, as a whole or
 * as a part of something, costs no further copy and no further look.
 * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP
 */
export function freezeValue<Value>(value: Value, { classes }: ValueTextOptions = {}): Frozen<Value> {
  const codec = createCodec(classes);
  // A frozen copy has the type of what it is a copy of.
  return codec.share(codec.take(value, "value")) as Frozen<Value>;
}

function unreadable(why: string, cause?: unknown): ContextError {
  return new ContextError("VALUE_UNREADABLE", { why }, { cause });
}
