import { ContextError } from "../core/errors.js";

/** What a dictionary does with keys; the context behind it. */
export interface DictionarySource {
  readonly keys: () => string[];
  readonly has: (key: string) => boolean;
  readonly get: (key: string) => unknown;
  readonly set: (key: string, value: unknown) => void;
  readonly delete: (key: string) => void;
}

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Makes an object whose keys are the context's: `in`, `delete`, `Object.keys`, spread and JSON work on it. */
export function createDictionary(source: DictionarySource): object {
  const copy = (): object => Object.fromEntries(source.keys().map((key) => [key, source.get(key)]));
  // A null prototype: every name is a key, and none is inherited.
  const target = Object.create(null, { [inspect]: { value: copy, configurable: true } }) as object;
  return new Proxy(target, {
    get: (_, key) => (typeof key === "string" ? source.get(key) : undefined),
    has: (_, key) => typeof key === "string" && source.has(key),
    ownKeys: () => source.keys(),
    set: (_, key, value) => {
      source.set(name(key), value);
      return true;
    },
    deleteProperty: (_, key) => {
      if (typeof key === "string") source.delete(key);
      return true;
    },
    defineProperty: (_, key, { value, enumerable, configurable, writable, ...rest }) => {
      const isFixed = [enumerable, configurable, writable].includes(false);
      if ("get" in rest || "set" in rest || isFixed) {
        throw new ContextError("VALUE_UNSUPPORTED", {
          path: String(key),
          what: "an accessor, or a property that is hidden or fixed",
        });
      }
      source.set(name(key), value);
      return true;
    },
    getOwnPropertyDescriptor: (_, key) => {
      if (typeof key !== "string" || !source.has(key)) return undefined;
      return { value: source.get(key), writable: true, enumerable: true, configurable: true };
    },
    preventExtensions: () => {
      throw new ContextError("OPTION_INVALID", {
        option: "ctx.data",
        why: "it is live and cannot be frozen or sealed",
      });
    },
    setPrototypeOf: () => false,
  });
}

function name(key: string | symbol): string {
  if (typeof key === "string") return key;
  throw new ContextError("KEY_INVALID", { key: String(key), why: "it is a symbol" });
}
