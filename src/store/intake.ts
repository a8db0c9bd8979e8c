import { ContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import { checkSchemas, conform, type Issue, issuesOf, type Schemas } from "../core/schema.js";
import type { Codec, Taken } from "../core/value/codec.js";
import { plainOf } from "../core/value/lazy-copy.js";

/** The border that keys and values cross on their way in. */
export class Intake {
  readonly #codec: Codec;
  readonly #schemas: Schemas;

  constructor(codec: Codec, schemas: Schemas) {
    this.#codec = codec;
    this.#schemas = checkSchemas(schemas);
  }

  /**
   * Checks and copies the value of a key; with `copy: false`, plain data is frozen in place, and so is in any
   * case what of it is `fresh`.
   * @throws {ContextError} KEY_INVALID, VALUE_UNSUPPORTED, VALUE_TOO_DEEP, VALUE_REJECTED, SCHEMA_ASYNCHRONOUS
   */
  take(key: string, value: unknown, { copy = true, fresh }: TakeOptions = {}): Taken {
    const checked = conform(this.#schemas, checkKey(key), value);
    if (checked === undefined) {
      throw new ContextError("VALUE_UNSUPPORTED", { path: key, what: "undefined" });
    }
    return copy ? this.#codec.take(checked, key, fresh) : this.#codec.adopt(checked, key);
  }

  /** Checks a value that was taken in before by the schema of the key it is to go under. */
  conformed(key: string, taken: Taken): Taken {
    const shared = this.#codec.share(taken);
    const checked = conform(this.#schemas, key, shared);
    return checked === shared ? taken : this.#codec.take(checked, key);
  }

  /** Takes every own enumerable key of a plain object; `rename` gives the full names. */
  takeAll(values: unknown, rename: (key: string) => string = (key) => key): Map<string, Taken> {
    return new Map(
      ownEntries(values).map(([key, value]) => {
        const name = rename(key);
        return [name, this.take(name, value)];
      }),
    );
  }

  /** What a stored value's schema has against it. */
  issuesOf(key: string, value: unknown): readonly Issue[] {
    return issuesOf(this.#schemas, key, value);
  }
}

interface TakeOptions {
  readonly copy?: boolean;
  /** Plain objects and arrays in it that nobody else has. */
  readonly fresh?: ReadonlySet<object> | undefined;
}

/**
 * The own keys of a plain object with their values, refusing what could not be told apart from them later.
 * @throws {ContextError} VALUE_UNSUPPORTED
 */
export function ownEntries(values: unknown): [string, unknown][] {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw refusal("not an object of keys and values");
  }
  if (values instanceof Map || values instanceof Set)
    throw refusal("a collection, not an object of keys and values");
  // What was copied for a phase may be handed in as a whole.
  const plain = plainOf(values) ?? values;
  checkSymbols(plain, []);
  return Object.entries(plain);
}

/**
 * Refuses an object that has symbols for keys, but for those that it may have.
 * @throws {ContextError} VALUE_UNSUPPORTED
 */
export function checkSymbols(values: object, known: readonly symbol[]): void {
  if (Object.getOwnPropertySymbols(values).every((symbol) => known.includes(symbol))) return;
  throw refusal("an object with a symbol as a key");
}

function refusal(what: string): ContextError {
  return new ContextError("VALUE_UNSUPPORTED", { path: "values", what });
}
