import { equalValues, equalWithin } from "../value/equal.js";
import { findContainers } from "./likeness.js";
import { Numbering } from "./numbering.js";
import { ValueHashes } from "./value-hashes.js";

/** Pairs to look at before hashes are made: most pairs differ, or are found to be shared, well before. */
const patience = 2000;

/** Parts shared exponentially must not be looked into one by one without knowing that there is a difference. */
const mostUnsure = 32;

/**
 * Says which values are equal, in time that stays proportional to the values however often the same parts are
 * asked about: small and shared values are compared, large ones hashed once. Never takes a hash's word that
 * two values are equal.
 */
export class Sameness {
  readonly #hashes: ValueHashes;
  #unsure = mostUnsure;

  /** Looks so many levels down at most. */
  constructor(levels: number) {
    this.#hashes = new ValueHashes(levels);
  }

  /**
   * Says whether two values are equal.
   * @throws {ContextError} VALUE_TOO_DEEP
   */
  isSame(a: unknown, b: unknown): boolean {
    return this.#glance(a, b) ?? this.#compare(a, b);
  }

  /**
   * Says whether two values are equal; of large plain containers it may say no although they are. For callers
   * that then look inside, which is cheaper than to compare first.
   * @throws {ContextError} VALUE_TOO_DEEP
   */
  isSurelySame(a: unknown, b: unknown): boolean {
    const verdict = this.#glance(a, b);
    if (verdict !== undefined) return verdict;
    if (findContainers(a, b) !== undefined && this.#unsure-- > 0) return false;
    return this.#compare(a, b);
  }

  /** Compares as far as that is cheap. */
  #glance(a: unknown, b: unknown): boolean | undefined {
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    const [left, right] = [this.#hashes.find(a), this.#hashes.find(b)];
    if (left !== undefined && right !== undefined) return left === right ? undefined : false;
    return equalWithin(a, b, patience);
  }

  /** Compares in full, but only what has equal hashes: it will be skipped, so nothing is compared in full twice. */
  #compare(a: unknown, b: unknown): boolean {
    return this.#hashes.get(a) === this.#hashes.get(b) && equalValues(a, b);
  }

  /**
   * Gives a function that numbers values: equal ones get the same number, unequal ones almost always others.
   * It throws VALUE_TOO_DEEP.
   */
  numbering(): (value: unknown) => number {
    const [objects, others] = [new Numbering(), new Numbering()];
    return (value) => {
      if (typeof value === "object" && value !== null) return 2 * objects.get(this.#hashes.get(value));
      // A Map takes -0 for 0.
      return 2 * others.get(Object.is(value, -0) ? minusZero : value) + 1;
    };
  }
}

const minusZero = Symbol("-0");
