import type { Difference } from "../core/diff/difference.js";
import type { JsonPatchOperation } from "../core/diff/json-patch.js";
import { toJsonPatch as toPatch } from "../core/diff/to-json-patch.js";
import { createCodec } from "../core/value/codec.js";
import type { ValueTextOptions } from "./value-text.js";

/**
 * Writes a difference as a JSON Patch (RFC 6902) of `add`, `remove` and `replace`. For plain JSON it says all
 * there is to say. A value that JSON lacks (a Date, undefined, NaN …) makes the whole value it stands in be
 * given in the encoding that the store has on disk, `{"$type": …}`: good to read, not to apply.
 * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP for a value that cannot be stored
 */
export function toJsonPatch(
  difference: Difference,
  { classes }: ValueTextOptions = {},
): JsonPatchOperation[] {
  return toPatch(difference, createCodec(classes));
}
