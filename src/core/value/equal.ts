import { ErasedValue } from "./erased.js";
import { findHeldInstance } from "./instances.js";
import { findKind } from "./kinds/find-kind.js";
import { type Dictionary, isPlainArray, isPlainObject } from "./plain.js";

/** From this many pairs on, each pair of objects is compared once: cycles end and shared parts cost little. */
const patience = 100_000;

/**
 * Compares deeply, by value and strictly by type: numbers as Object.is does, keys of objects in any order,
 * Map and Set in theirs. Instances of registered classes are compared by their encodings if the store holds
 * both; any other instances are equal only if they are the same one. Any depth, and cycles, are fine.
 */
export function equalValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return isObject(a) && isObject(b) && new Comparison(Infinity).run(a, b) === true;
}

/**
 * Compares as {@link equalValues} does, but gives up, with undefined, once more than `steps` pairs of objects
 * (a large one counts as several) were looked at. For callers that have a cheaper way to compare large values.
 */
export function equalWithin(a: unknown, b: unknown, steps: number): boolean | undefined {
  if (Object.is(a, b)) return true;
  return isObject(a) && isObject(b) ? new Comparison(steps).run(a, b) : false;
}

/** So many parts of a container cost about as much to compare as one more pair of objects. */
const partsPerStep = 16;

class Comparison {
  /** Pairs of objects still to be compared, one after the other. */
  readonly #pending: object[] = [];
  readonly #compared = new Map<object, Set<object>>();
  readonly #maximumSteps: number;
  #count = 0;
  #steps = 0;
  #isEqual = true;

  constructor(maximumSteps: number) {
    this.#maximumSteps = maximumSteps;
  }

  /** Gives undefined once there were too many steps. */
  run(a: object, b: object): boolean | undefined {
    this.#pending.push(a, b);
    for (;;) {
      if (!this.#spend(1)) return undefined;
      const right = this.#pending.pop();
      const left = this.#pending.pop();
      if (left === undefined || right === undefined) return true;
      if (this.#wasCompared(left, right)) continue;
      if (!this.#compare(left, right) || !this.#isEqual) return false;
    }
  }

  readonly #both = (a: unknown, b: unknown): void => {
    if (Object.is(a, b)) return;
    if (isObject(a) && isObject(b)) this.#pending.push(a, b);
    else this.#isEqual = false;
  };

  #compare(a: object, b: object): boolean {
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (isPlainArray(a)) return isPlainArray(b) && this.#compareArrays(a, b);
    if (isPlainObject(a)) return isPlainObject(b) && this.#comparePlainObjects(a, b);
    return this.#compareSpecial(a, b);
  }

  #compareSpecial(a: object, b: object): boolean {
    if (a instanceof ErasedValue) return b instanceof ErasedValue && a.digest === b.digest;
    const left = findHeldInstance(a);
    const right = findHeldInstance(b);
    if (left !== undefined && right !== undefined) {
      this.#both(left.encoded, right.encoded);
      return left.valueClass.name === right.valueClass.name;
    }
    return left === right && (findKind(a)?.isEqual(a, b, this.#both) ?? false);
  }

  #compareArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
    if (a.length !== b.length) return false;
    if (!this.#spend(a.length / partsPerStep)) return true;
    for (let i = 0; i < a.length && this.#isEqual; i++) if (!Object.is(a[i], b[i])) this.#both(a[i], b[i]);
    return true;
  }

  #comparePlainObjects(a: Dictionary, b: Dictionary): boolean {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    if (!this.#spend(keys.length / partsPerStep)) return true;
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false;
      this.#both(a[key], b[key]);
      if (!this.#isEqual) return false;
    }
    return true;
  }

  /** Who gets no more steps stops comparing: the next step of the run ends it. */
  #spend(steps: number): boolean {
    this.#steps += steps;
    return this.#steps <= this.#maximumSteps;
  }

  #wasCompared(a: object, b: object): boolean {
    if (++this.#count < patience) return false;
    const partners = this.#compared.get(a) ?? new Set();
    if (partners.has(b)) return true;
    this.#compared.set(a, partners.add(b));
    return false;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
