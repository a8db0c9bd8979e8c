import type { Segment } from "./path.js";
import type { Dictionary } from "./plain.js";

/** Why an object cannot be kept, and where in it the reason lies. */
export interface Objection {
  readonly what: string;
  readonly at?: Segment;
}

/** Finds a property of a plain object that a copy would lose or that would run code. */
export function findObjectObjection(value: Dictionary): Objection | undefined {
  const symbol = Object.getOwnPropertySymbols(value)[0];
  if (symbol !== undefined) return { what: "a symbol-keyed property", at: symbol };
  const keys = Object.keys(value);
  if (Object.getOwnPropertyNames(value).length !== keys.length) {
    const hidden = Object.getOwnPropertyNames(value).find((key) => !keys.includes(key));
    return { what: "a hidden property", at: hidden ?? "" };
  }
  for (const key of keys) {
    if (isAccessor(value, key)) return { what: "an accessor property", at: key };
  }
  return undefined;
}

/** Finds a hole, an accessor, or a property that is no element, in an array. */
export function findArrayObjection(value: readonly unknown[]): Objection | undefined {
  const symbol = Object.getOwnPropertySymbols(value)[0];
  if (symbol !== undefined) return { what: "a symbol-keyed property", at: symbol };
  const { length } = value;
  const names = Object.getOwnPropertyNames(value);
  // Indexes come first and in order, so with these counts the last of them tells that all are there.
  const isDense = names.length === length + 1 && (length === 0 || names[length - 1] === String(length - 1));
  if (!isDense) return findGap(value, names);
  for (let i = 0; i < length; i++) {
    if (isAccessorElement(value, i)) return { what: "an accessor property", at: i };
  }
  return undefined;
}

/** Finds any own property, for things that hold their content elsewhere. */
export function findOwnProperty(value: object, allowed?: string): Objection | undefined {
  const key = Reflect.ownKeys(value).find((own) => own !== allowed);
  return key === undefined ? undefined : { what: "an extra property, which would be lost", at: key };
}

function findGap(value: readonly unknown[], names: readonly string[]): Objection {
  for (let i = 0; i < value.length && i <= names.length; i++) {
    if (!Object.hasOwn(value, i)) return { what: "a hole in an array", at: i };
  }
  const extra = names.find((name) => name !== "length" && !isIndexBelow(name, value.length));
  return { what: "a property of an array that is not an element", at: extra ?? "" };
}

function isIndexBelow(name: string, length: number): boolean {
  return String(Number(name)) === name && Number(name) >= 0 && Number(name) < length;
}

function isAccessor(value: object, key: string | number): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  return descriptor !== undefined && (descriptor.get !== undefined || descriptor.set !== undefined);
}

type LookupGetter = (this: object, key: PropertyKey) => unknown;

// Annex B of the language has it on every engine, though TypeScript's library leaves it out. It makes no
// descriptor object, which is three times as fast on an array's elements.
const lookupGetter = (Object.prototype as { __lookupGetter__?: LookupGetter }).__lookupGetter__;

function isAccessorElement(value: readonly unknown[], i: number): boolean {
  if (lookupGetter === undefined) return isAccessor(value, i);
  if (lookupGetter.call(value, i) !== undefined) return true;
  return value[i] === undefined && isAccessor(value, i);
}

const nameless = new Set(["Promise", "WeakMap", "WeakSet", "WeakRef", "SharedArrayBuffer", "Atomics"]);
const boxes = new Set(["Number", "String", "Boolean", "BigInt", "Symbol"]);

/** Says what an object is that the store cannot keep. */
export function describe(value: object): string {
  const name = className(value);
  if (name === undefined || name === "Object" || name === "Array") {
    return "an object whose prototype is not the usual one";
  }
  if (boxes.has(name)) return `a boxed ${name.toLowerCase()}`;
  if (nameless.has(name)) return `a ${name}`;
  return `an instance of class ${name}, which is not registered`;
}

function className(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null || !("constructor" in prototype)) return undefined;
  const { constructor } = prototype;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : undefined;
}
