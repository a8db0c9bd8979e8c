import { ContextError } from "../errors.js";
import { findHeldInstance } from "../value/instances.js";
import { findKind } from "../value/kinds/find-kind.js";
import { type Dictionary, isPlainArray, isPlainObject } from "../value/plain.js";

/** Longer texts are hashed by samples: a hash may collide, so it only has to be good enough. */
const longestHashed = 4096;

/**
 * Hashes of values: equal values have equal hashes, and each object is walked once. Unequal values may have
 * equal hashes too, and a hostile author can make such, so whoever finds two hashes equal must still compare.
 */
export class ValueHashes {
  readonly #known = new Map<object, number>();
  readonly #levels: number;

  constructor(levels: number) {
    this.#levels = levels;
  }

  /** Finds the hash of an object that was already walked. */
  find(value: object): number | undefined {
    return this.#known.get(value);
  }

  /**
   * Gives a value's hash.
   * @throws {ContextError} VALUE_TOO_DEEP
   */
  get(value: unknown): number {
    return this.#hash(value, 0);
  }

  #hash(value: unknown, level: number): number {
    switch (typeof value) {
      case "object":
        return value === null ? 1 : this.#hashObject(value, level);
      case "number":
        return hashNumber(value);
      case "string":
        return hashText(value);
      case "bigint":
        return mix(2, hashText(String(value)));
      case "boolean":
        return value ? 3 : 4;
      case "undefined":
        return 5;
      case "function":
      case "symbol":
        return 6;
    }
  }

  #hashObject(value: object, level: number): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    if (level >= this.#levels) {
      throw new ContextError("VALUE_TOO_DEEP", { path: "value", limit: this.#levels });
    }
    const hash = this.#walk(value, level + 1);
    this.#known.set(value, hash);
    return hash;
  }

  #walk(value: object, level: number): number {
    if (isPlainArray(value)) return this.#hashArray(value, level);
    if (isPlainObject(value)) {
      return mix(Object.getPrototypeOf(value) === null ? 8 : 9, this.#hashParts(value, level));
    }
    const held = findHeldInstance(value);
    if (held !== undefined) return mix(hashText(held.valueClass.name), this.#hash(held.encoded, level));
    const kind = findKind(value);
    // Anything else equals nothing but itself, and who is the same is never asked for a hash.
    if (kind === undefined) return 10;
    return mix(
      hashText(kind.tag),
      this.#hash(
        kind.encode(value, (part) => part),
        level,
      ),
    );
  }

  #hashArray(value: readonly unknown[], level: number): number {
    let hash = mix(7, value.length);
    for (const part of value) hash = mix(hash, this.#hash(part, level));
    return hash;
  }

  /** The order of keys does not matter, so what they give is summed up. */
  #hashParts(value: Dictionary, level: number): number {
    let sum = 0;
    for (const key of Object.keys(value)) {
      sum = (sum + mix(hashText(key), this.#hash(value[key], level))) | 0;
    }
    return sum;
  }
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

function hashNumber(value: number): number {
  // Any NaN is the same number, whatever bits it has.
  double[0] = Number.isNaN(value) ? NaN : value;
  return mix(halves[0] ?? 0, halves[1] ?? 0);
}

function hashText(text: string): number {
  const step = Math.ceil(text.length / longestHashed);
  let hash = text.length;
  for (let i = 0; i < text.length; i += step) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(11, hash);
}

function mix(a: number, b: number): number {
  const product = Math.imul(a ^ (b >>> 15) ^ 0x5bd1e995, 0x85ebca6b) + Math.imul(b, 0xc2b2ae35);
  return Math.imul(product ^ (product >>> 13), 0x27d4eb2f) ^ (product >>> 16);
}
