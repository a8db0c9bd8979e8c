import { share, thaw } from "./copy.js";
import type { Held } from "./taken.js";

/** The symbol under which a copy says how it is printed. */
export const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * A mutable copy of keys and values, each of which is copied when it is first read. It is a plain object of plain
 * values, and no proxy, so that it can be cloned, or sent to another thread, as what it looks like.
 */
export class LazyCopy {
  readonly copy: object = {};
  readonly #held: ReadonlyMap<string, Held>;
  /** The accessors that stand for values which nobody has read yet, and the key that each was made for. */
  readonly #unread = new Map<unknown, string>();
  /** Those, and the ones that have been read. */
  readonly #accessors = new Set<unknown>();

  constructor(held: ReadonlyMap<string, Held>) {
    this.#held = held;
    for (const [key, { value }] of held) {
      if (typeof value === "object" && value !== null) this.#placeUnread(key, value);
      else put(this.copy, key, value);
    }
    // Whoever prints it wants to see values, and is not to copy them.
    const shown = { value: () => this.#shown(), writable: true, configurable: true };
    Reflect.defineProperty(this.copy, inspect, shown);
    lazyCopies.set(this.copy, this);
  }

  /** Whether a key has the value that it had, and nobody can have changed that in place. */
  isUnread(key: string): boolean {
    return this.#unread.get(this.#getterAt(key)) === key;
  }

  /** Gives what it looks like: the same properties, with values where it has accessors of its own. */
  plain(): object {
    const plain = Object.create(Object.getPrototypeOf(this.copy) as object | null) as object;
    for (const key of Reflect.ownKeys(this.copy)) {
      if (key === inspect) continue;
      const descriptor: PropertyDescriptor = Reflect.getOwnPropertyDescriptor(this.copy, key) ?? {};
      if (!this.#accessors.has(getterOf(descriptor))) Reflect.defineProperty(plain, key, descriptor);
      else {
        const { enumerable = true } = descriptor;
        Reflect.defineProperty(plain, key, { ...ordinary, enumerable, value: Reflect.get(this.copy, key) });
      }
    }
    return plain;
  }

  /** Stands for a value until it is read or overwritten; then the property becomes one like any other. */
  #placeUnread(key: string, held: object): void {
    let made: { readonly value: unknown } | undefined;
    const get = (): unknown => {
      made ??= { value: thaw(held) };
      // Somebody may have kept the accessor of a property that is another one by now.
      if (this.#getterAt(key) === get) put(this.copy, key, made.value);
      this.#unread.delete(get);
      return made.value;
    };
    const set = function (this: object, value: unknown): void {
      if (!put(this, key, value))
        throw new TypeError(`Cannot assign to ${JSON.stringify(key)}: it is read-only`);
    };
    this.#unread.set(get, key);
    this.#accessors.add(get);
    Reflect.defineProperty(this.copy, key, { get, set, enumerable: true, configurable: true });
  }

  #getterAt(key: string): unknown {
    return getterOf(Reflect.getOwnPropertyDescriptor(this.copy, key));
  }

  #shown(): object {
    const shown = Object.keys(this.copy).map((key) => {
      const value: unknown = this.isUnread(key)
        ? share(this.#held.get(key)?.value)
        : Reflect.get(this.copy, key);
      return [key, value] as const;
    });
    return Object.fromEntries(shown);
  }
}

const lazyCopies = new WeakMap<object, LazyCopy>();

/** Gives what a copy looks like that is made where it is read; undefined for anything else. */
export function plainOf(value: object): object | undefined {
  return lazyCopies.get(value)?.plain();
}

/** Nobody calls it as a method of the descriptor. */
function getterOf(descriptor: { readonly get?: unknown } | undefined): unknown {
  return descriptor?.get;
}

const ordinary = { writable: true, enumerable: true, configurable: true };

function put(target: object, key: string, value: unknown): boolean {
  return Reflect.defineProperty(target, key, { ...ordinary, value });
}
