import { ErasedValue } from "./erased.js";
import { findHeldInstance, makeInstance } from "./instances.js";
import { getKind } from "./kinds/find-kind.js";
import { knownHeight } from "./known.js";
import { copyShallow, type Dictionary, isPlainArray, isPlainObject } from "./plain.js";

/** Copies a held value for a reader: sharable parts stay as they are, plain containers are frozen. */
export function share(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (knownHeight(value) !== undefined) return value;
  const copy = copyObject(value, share);
  return isPlainArray(copy) || isPlainObject(copy) ? Object.freeze(copy) : copy;
}

/** Copies a held value all the way down, for someone who wants to change it. */
export function thaw(value: unknown): unknown {
  return typeof value === "object" && value !== null ? copyObject(value, thaw) : value;
}

function copyObject(value: object, copyPart: (part: unknown) => unknown): object {
  if (isPlainArray(value)) return value.map((part) => copyPart(part));
  if (isPlainObject(value)) return copyPlainObject(value, copyPart);
  if (value instanceof ErasedValue) return value;
  const held = findHeldInstance(value);
  if (held === undefined) return getKind(value).copy(value, copyPart);
  return makeInstance(held.valueClass, thaw(held.encoded));
}

function copyPlainObject(value: Dictionary, copyPart: (part: unknown) => unknown): Dictionary {
  const copy = copyShallow(value);
  for (const key of Object.keys(copy)) {
    const part = copy[key];
    if (typeof part === "object" && part !== null) copy[key] = copyPart(part);
  }
  return copy;
}
