import { createCodec, type ValueClass } from "../core/value/codec.js";

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
 * Reads a value from the text that {@link encodeValue} writes; a plain `Error` says that the text is none of
 * that kind.
 * @throws {ContextError} CLASS_UNKNOWN
 */
export function decodeValue(text: string, { classes }: ValueTextOptions = {}): unknown {
  const codec = createCodec(classes);
  return codec.thaw(codec.read(text));
}
