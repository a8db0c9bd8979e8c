import { isPlainArray, isPlainObject } from "./plain.js";

/** A class of the caller's own, registered when a store is opened. */
export interface ValueClass<T = unknown> {
  /** Names the class in stored text: once used, never change it. */
  readonly name: string;
  /** Is asked about every object but plain objects and arrays, before the built-in kinds are. */
  is(value: unknown): boolean;
  /** Gives anything that can be stored, other registered instances included. */
  encode(value: T): unknown;
  /** Makes an instance from what `encode` gave; it may keep and change what it gets. */
  decode(encoded: unknown): T;
}

/** What stands for an instance that the store holds: its class and its frozen encoding. */
export interface HeldInstance {
  readonly valueClass: ValueClass;
  readonly encoded: unknown;
}

/** Held instances never leave the store (readers get copies), so what is noted here stays true. */
const heldInstances = new WeakMap<object, HeldInstance>();

/** Finds what stands for an instance, if it is one that the store holds. */
export function findHeldInstance(value: object): HeldInstance | undefined {
  return heldInstances.get(value);
}

/** Makes the instance that the store holds; what `decode` gets must be a copy that it may keep. */
export function holdInstance(held: HeldInstance, encodedCopy: unknown): object {
  const instance = makeInstance(held.valueClass, encodedCopy);
  heldInstances.set(instance, held);
  return instance;
}

/** Makes an instance for a reader. */
export function makeInstance(valueClass: ValueClass, encodedCopy: unknown): object {
  const instance = valueClass.decode(encodedCopy);
  if (typeof instance === "object" && instance !== null && isInstance(valueClass, instance)) return instance;
  throw new TypeError(`decode of the registered class ${valueClass.name} did not give an instance of it`);
}

function isInstance(valueClass: ValueClass, value: object): boolean {
  return !isPlainArray(value) && !isPlainObject(value) && valueClass.is(value);
}
