import { ErasedValue, writeErased } from "./erased.js";
import { findHeldInstance } from "./instances.js";
import { getKind } from "./kinds/find-kind.js";
import { knownHeight } from "./known.js";
import { type Dictionary, isPlainArray, isPlainObject } from "./plain.js";

/** Gives the JSON tree of a held value: what JSON lacks stands in it as `{"$type": …}`. */
export function encode(value: unknown): unknown {
  switch (typeof value) {
    case "object":
      return value === null ? null : encodeObject(value);
    case "number":
      return encodeNumber(value);
    case "bigint":
      return { $type: "bigint", value: String(value) };
    case "undefined":
      return { $type: "undefined" };
    case "string":
    case "boolean":
      return value;
    case "function":
    case "symbol":
      throw new Error("A held value contains a function or a symbol; the bug is ours.");
  }
}

function encodeNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $type: "number", value: "-0" };
  return Number.isFinite(value) ? value : { $type: "number", value: String(value) };
}

function encodeObject(value: object): unknown {
  const height = knownHeight(value);
  if (height !== undefined && height > 0) return value;
  if (isPlainArray(value)) return value.map(encode);
  if (isPlainObject(value)) return encodePlainObject(value);
  const held = findHeldInstance(value);
  if (held !== undefined) {
    return { $type: "class", name: held.valueClass.name, value: encode(held.encoded) };
  }
  if (value instanceof ErasedValue) return writeErased(value);
  const kind = getKind(value);
  return { $type: kind.tag, ...kind.encode(value, encode) };
}

function encodePlainObject(value: Dictionary): Dictionary {
  const tree = { ...value };
  for (const key of Object.keys(tree)) tree[key] = encode(tree[key]);
  if (Object.getPrototypeOf(value) === null) return { $type: "null-prototype", value: tree };
  return Object.hasOwn(tree, "$type") ? { $type: "object", value: tree } : tree;
}
