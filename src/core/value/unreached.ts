import { knownHeight } from "./known.js";
import type { Dictionary } from "./plain.js";

/**
 * Tells the parts of an original that were not reached yet from the same ones that a caller put in, which it had
 * from elsewhere and wants back as they are. Only known ones can come from elsewhere.
 */
export class Unreached {
  readonly #base: Dictionary;
  readonly #content: Dictionary;
  /** Keys whose value is not unreached, although it looks so. */
  #given: Set<PropertyKey> | undefined;
  /** What known parts the caller put in. */
  #foreign: Set<object> | undefined;
  /** The unreached parts that are not known, once all of them may lie elsewhere than in the original. */
  #moved: Set<object> | undefined;

  constructor(base: Dictionary, content: Dictionary) {
    this.#base = base;
    this.#content = content;
  }

  has(key: string | symbol, value: object): boolean {
    if (typeof key === "symbol" || this.#given?.has(key) === true) return false;
    // Names of what objects inherit can be asked for, too.
    if (this.#moved === undefined) return value === this.#base[key] && Object.hasOwn(this.#base, key);
    return knownHeight(value) === undefined ? this.#moved.has(value) : this.#foreign?.has(value) !== true;
  }

  /** Notes that a key has something of the caller's, whatever is found there. */
  exclude(key: string | symbol): void {
    (this.#given ??= new Set()).add(key);
  }

  /** Notes what a caller is about to put in; gives where that lies unreached, to be reached before. */
  give(key: string | symbol, value: object): readonly string[] {
    if (knownHeight(value) === undefined) return [];
    // TypeScript knows no dictionaries of symbols.
    if (this.#moved === undefined && value === this.#base[key as string]) this.exclude(key);
    this.#foreign ??= new Set();
    if (this.#foreign.has(value)) return [];
    this.#foreign.add(value);
    if (this.#moved === undefined) return [];
    return Object.keys(this.#content).filter((place) => this.#content[place] === value);
  }

  /** Prepares for the parts of an array to be moved; gives where one lies that must be reached before. */
  move(array: readonly unknown[]): readonly string[] {
    if (this.#moved !== undefined) return [];
    const moved = new Set<object>();
    const places: string[] = [];
    for (const [i, part] of array.entries()) {
      if (typeof part !== "object" || part === null || part !== this.#base[i]) continue;
      if (this.#given?.has(String(i)) === true) continue;
      if (knownHeight(part) === undefined) moved.add(part);
      else if (this.#foreign?.has(part) === true) places.push(String(i));
    }
    this.#moved = moved;
    this.#given = undefined;
    return places;
  }
}
