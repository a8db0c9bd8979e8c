import { findMove, type Move } from "./array-moves.js";
import { copyContainer, type Dictionary, isPlainContainer } from "./plain.js";
import { Unreached } from "./unreached.js";

/**
 * One plain object or array of a draft. The proxy's target is a shallow copy, which by itself behaves as the
 * caller expects; the traps only draft what lies in it when it is reached, and note what was changed.
 */
export class DraftPart implements ProxyHandler<Dictionary> {
  /** The frozen original. */
  readonly base: Dictionary;
  /** What the caller sees: parts of the original that were not reached yet, drafts, and what was put in. */
  readonly content: Dictionary;
  readonly proxy: Dictionary;
  /** Whether the part itself may differ from its original, and not only what the drafts in it have become. */
  isTouched = false;
  /** Whether it may differ at all. */
  mayDiffer = false;
  /** Whether it may have what no value can have; then only an exact copy will be refused as it should be. */
  isIrregular = false;
  /** The keys of the drafts in it, if there are any; all of them as long as it is untouched. */
  drafted: string[] | undefined;
  readonly #reach: Reach;
  /** The part that it was reached in; it still lies there as long as that one is untouched. */
  readonly #outer: DraftPart | undefined;
  readonly #unreached: Unreached;

  constructor(base: Dictionary, reach: Reach, outer: DraftPart | undefined) {
    this.base = base;
    this.content = copyContainer(base);
    this.#unreached = new Unreached(base, this.content);
    this.#reach = reach;
    this.#outer = outer;
    this.proxy = new Proxy(this.content, this);
  }

  get(content: Dictionary, key: string | symbol, receiver: unknown): unknown {
    const value: unknown = Reflect.get(content, key, receiver);
    if (typeof value === "function") return this.#movingMethod(key) ?? value;
    return isObject(value) ? this.#draft(key, value) : value;
  }

  getOwnPropertyDescriptor(content: Dictionary, key: string | symbol): PropertyDescriptor | undefined {
    const descriptor = Reflect.getOwnPropertyDescriptor(content, key);
    // What is given out here, or about to be fixed, is what has to be given out ever after.
    if (isObject(descriptor?.value)) return { ...descriptor, value: this.#draft(key, descriptor.value) };
    return descriptor;
  }

  set(content: Dictionary, key: string | symbol, value: unknown, receiver: unknown): boolean {
    // Somebody made the draft the prototype of something else.
    if (receiver !== this.proxy) return Reflect.set(content, key, value, receiver);
    if (!Object.hasOwn(content, key)) this.isIrregular ||= key in content || !this.#isRegular(key);
    else if (!this.isIrregular && Object.is(valueAt(content, key), value)) return true;
    this.#put(key, value);
    return Reflect.set(content, key, value, content);
  }

  defineProperty(content: Dictionary, key: string | symbol, descriptor: PropertyDescriptor): boolean {
    this.getOwnPropertyDescriptor(content, key);
    if (!isPlainProperty(descriptor) || !this.#isRegular(key)) {
      this.isIrregular = true;
      this.#unreached.exclude(key);
    }
    this.#put(key, descriptor.value);
    return Reflect.defineProperty(content, key, descriptor);
  }

  deleteProperty(content: Dictionary, key: string | symbol): boolean {
    if (Object.hasOwn(content, key)) this.#touch();
    return Reflect.deleteProperty(content, key);
  }

  setPrototypeOf(content: Dictionary, prototype: object | null): boolean {
    this.#touch();
    this.isIrregular = true;
    return Reflect.setPrototypeOf(content, prototype);
  }

  /** Gives what a caller gets for a part: its draft, which then lies in its place, if it was not reached yet. */
  #draft(key: string | symbol, value: object): unknown {
    return typeof key === "string" && this.#unreached.has(key, value) ? this.#place(key) : value;
  }

  /** Puts a draft in the place of a part. */
  #place(key: string): unknown {
    // Only where an object lies.
    const part = this.content[key] as object;
    const draft = this.#reach(part, this);
    this.content[key] = draft;
    if (isPlainContainer(part)) (this.drafted ??= []).push(key);
    // A copy of anything else can be changed without our hearing of it.
    else this.#touch();
    return draft;
  }

  #put(key: string | symbol, value: unknown): void {
    this.#touch();
    if (!isObject(value)) return;
    for (const place of this.#unreached.give(key, value)) this.#place(place);
  }

  /** Methods that only move the parts of an array need not make drafts of them all. */
  #movingMethod(key: string | symbol): unknown {
    const { content, proxy } = this;
    if (!Array.isArray(content) || this.isIrregular) return undefined;
    const method: unknown = Reflect.get(content, key);
    const move = findMove(key, method);
    if (move === undefined) return undefined;
    const moveOwn = (given: readonly unknown[]) => this.#move(content, move, given);
    return function (this: unknown, ...given: unknown[]): unknown {
      // It was found as a method just now.
      return this === proxy ? moveOwn(given) : Reflect.apply(method as () => unknown, this, given);
    };
  }

  #move(content: unknown[], move: Move, given: readonly unknown[]): unknown {
    this.#touch();
    for (const place of this.#unreached.move(content)) this.#place(place);
    for (const value of given) this.#put("", value);
    return move(content, given, (part) => {
      return isObject(part) && this.#unreached.has("", part) ? this.#reach(part, this) : part;
    });
  }

  #touch(): void {
    this.isTouched = true;
    this.#noteDifference();
  }

  #noteDifference(): void {
    if (this.mayDiffer) return;
    this.mayDiffer = true;
    if (this.#outer !== undefined) this.#outer.#noteDifference();
  }

  #isRegular(key: string | symbol): boolean {
    if (typeof key === "symbol") return false;
    return !Array.isArray(this.content) || key === "length" || isIndex(key);
  }
}

/** Makes a draft of a part that was reached in another one. */
type Reach = (value: object, outer: DraftPart) => unknown;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** TypeScript knows no dictionaries of symbols. */
function valueAt(container: Dictionary, key: string | symbol): unknown {
  return container[key as string];
}

function isIndex(key: string): boolean {
  const index = Number(key);
  return Number.isInteger(index) && index >= 0 && index < 2 ** 32 - 1 && String(index) === key;
}

function isPlainProperty({ enumerable, writable, configurable, ...rest }: PropertyDescriptor): boolean {
  return enumerable === true && writable === true && configurable === true && "value" in rest;
}
