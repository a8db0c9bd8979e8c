import { ContextError } from "../../index.js";
import { findKnown, makeKnown } from "./known-instances.js";
import { classOf, findClass } from "./langchain-classes.js";

/**
 * Values as they stand in a context. Plain data stands as it is; messages and documents as plain objects, with the
 * name of their class under a tag; what a caller has under the tag is wrapped. All else is the store's business.
 */
const tag = "$lc";

/** Deeper than the store takes values in; what lies there is left for it to refuse. */
const deepest = 600;

/** Whether what is stored stands for an instance of a class. */
export function isStoredInstance(stored: unknown, name: string): boolean {
  return typeof stored === "object" && stored !== null && tag in stored && stored[tag] === name;
}

/** What the store is given for a value. Parts that need nothing are the caller's own objects. */
export function toStored(value: unknown): unknown {
  return value === undefined ? { [tag]: "undefined" } : convert(value, []);
}

/** The value again, made of what the store gave: a copy that may be changed, with instances of its own. */
export function fromStored(stored: unknown): unknown {
  if (typeof stored !== "object" || stored === null) return stored;
  if (Array.isArray(stored)) return stored.map(fromStored);
  if (stored instanceof Map) {
    return new Map([...stored].map(([key, value]) => [fromStored(key), fromStored(value)]));
  }
  if (stored instanceof Set) return new Set([...stored].map(fromStored));
  if (!isPlain(stored)) return stored;
  return Object.hasOwn(stored, tag) ? revive(stored) : copyOf(stored);
}

type Dictionary = Record<string, unknown>;

function revive({ [tag]: name, ...fields }: Dictionary): unknown {
  if (name === "undefined") return undefined;
  // What is wrapped is a plain object.
  if (name === "object") return copyOf(fields.value as Dictionary);
  const found = typeof name === "string" ? findClass(name) : undefined;
  if (found === undefined) throw new ContextError("CLASS_UNKNOWN", { name: String(name) });
  return found.make(copyOf(fields));
}

function copyOf(stored: Dictionary): Dictionary {
  const copy: Dictionary = { __proto__: Object.getPrototypeOf(stored) as unknown, ...stored };
  for (const key of Object.keys(copy)) copy[key] = fromStored(copy[key]);
  return copy;
}

function convert(value: unknown, around: object[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Circles and depths are refused by the store, which names the place.
  if (around.includes(value) || around.length > deepest) return value;
  around.push(value);
  const converted = convertWithin(value, around);
  around.pop();
  return converted;
}

function convertWithin(value: object, around: object[]): unknown {
  if (Array.isArray(value)) return convertArray(value, around);
  if (!isPlain(value)) return convertInstance(value, around);
  const converted = convertObject(value, around);
  return Object.hasOwn(value, tag) ? { [tag]: "object", value: converted } : converted;
}

function convertArray(array: readonly unknown[], around: object[]): unknown {
  let copy: unknown[] | undefined;
  for (const [i, part] of array.entries()) {
    const converted = convert(part, around);
    if (converted === part) continue;
    // A copy would lose what an array has beside its elements, which the store refuses.
    if (copy === undefined && Object.keys(array).length !== array.length) return array;
    copy ??= [...array];
    copy[i] = converted;
  }
  return copy ?? array;
}

function convertObject(object: Dictionary, around: object[]): Dictionary {
  let copy: Dictionary | undefined;
  for (const key of Object.keys(object)) {
    const part = object[key];
    const converted = convert(part, around);
    if (converted === part) continue;
    copy ??= { __proto__: Object.getPrototypeOf(object) as unknown, ...object };
    copy[key] = converted;
  }
  return copy ?? object;
}

function convertInstance(value: object, around: object[]): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (value instanceof Map && prototype === Map.prototype) {
    return new Map([...value].map(([key, part]) => [convert(key, around), convert(part, around)]));
  }
  if (value instanceof Set && prototype === Set.prototype) {
    return new Set([...value].map((part) => convert(part, around)));
  }
  const found = classOf(value);
  if (found !== undefined) {
    const fields = found.fieldsOf(value);
    return (
      findKnown(value, fields) ??
      makeKnown(value, fields, { [tag]: found.name, ...convertObject(fields, around) })
    );
  }
  const sent = plainFormOf(value);
  return sent === undefined ? value : convertObject(sent, around);
}

/** What a graph sends stands in its plain form, which the graph takes for the same. */
function plainFormOf(value: object): Dictionary | undefined {
  if (!isSent(value)) return undefined;
  const { lg_name, ...fields } = value.toJSON();
  const told = value.lg_name === "Command" ? { lg_name, ...fields } : fields;
  return Object.fromEntries(Object.entries(told).filter(([, part]) => part !== undefined));
}

/** Whether a value is of one of the three classes by which nodes speak to their graph. */
function isSent(value: object): value is { lg_name: string; toJSON: () => Dictionary } {
  if (!("lg_name" in value) || !("toJSON" in value) || typeof value.toJSON !== "function") return false;
  return ["Send", "Command", "Overwrite"].includes(String(value.lg_name));
}

function isPlain(value: object): value is Dictionary {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
