import type { Codec } from "../value/codec.js";
import { encode } from "../value/encode.js";
import { knownHeight } from "../value/known.js";
import { formatPath } from "../value/path.js";
import { isPlainArray, isPlainObject } from "../value/plain.js";
import type { Change, Difference, Path } from "./difference.js";
import type { JsonPatchOperation } from "./json-patch.js";
import { formatPointer } from "./json-pointer.js";
import { listSequentialPaths } from "./sequential-paths.js";

/**
 * Writes a difference as a JSON Patch; a value with anything in it that JSON lacks is written whole in the
 * store's encoding.
 * @throws {ContextError} VALUE_UNSUPPORTED, VALUE_TOO_DEEP for a value that cannot be stored
 */
export function toJsonPatch(difference: Difference, codec: Codec): JsonPatchOperation[] {
  const paths = listSequentialPaths(difference);
  return difference.map((change, i) => toOperation(change, paths[i] ?? [], codec));
}

function toOperation(change: Change, place: Path, codec: Codec): JsonPatchOperation {
  const path = formatPointer(place);
  switch (change.kind) {
    case "added":
      return { op: "add", path, value: toJson(change.after, change.path, codec) };
    case "removed":
      return { op: "remove", path };
    case "changed":
      return { op: "replace", path, value: toJson(change.after, change.path, codec) };
  }
}

function toJson(value: unknown, path: Path, codec: Codec): unknown {
  const held = codec.describe(value, formatPath("value", path)).value;
  return isJson(held) ? held : encode(held);
}

/** Says whether JSON has all of a held value. An own key `$type` is JSON, though the store's encoding wraps it. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || value === null) return typeof value !== "bigint" && value !== undefined;
  if ((knownHeight(value) ?? 0) > 0) return true;
  if (isPlainArray(value)) return value.every(isJson);
  return isPlainObject(value) && Object.getPrototypeOf(value) !== null && Object.values(value).every(isJson);
}
