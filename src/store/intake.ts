import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ContextError } from "../core/errors.js";
import { checkKey } from "../core/names.js";
import type { Codec, Taken } from "../core/value/codec.js";

/** A schema for each key that has one: any Standard Schema, such as zod's. */
export type Schemas = Readonly<Record<string, StandardSchemaV1>>;

/** What is wrong with a value, and where in it. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** The border that keys and values cross on their way in. */
export class Intake {
  readonly #codec: Codec;
  readonly #schemas: Schemas;

  constructor(codec: Codec, schemas: Schemas) {
    this.#codec = codec;
    this.#schemas = schemas;
  }

  /**
   * Checks, copies and encodes the value of a key; with `copy: false`, plain data is frozen in place.
   * @throws {ContextError} KEY_INVALID, VALUE_UNSUPPORTED, VALUE_TOO_DEEP, VALUE_REJECTED, SCHEMA_ASYNCHRONOUS
   */
  take(key: string, value: unknown, options: { copy: boolean } = { copy: true }): Taken {
    const checked = this.#validate(checkKey(key), value);
    if (checked === undefined) {
      throw new ContextError("VALUE_UNSUPPORTED", { path: key, what: "undefined (delete the key instead)" });
    }
    return options.copy ? this.#codec.take(checked, key) : this.#codec.adopt(checked, key);
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
    const schema = this.#schemaOf(key);
    return schema === undefined ? [] : (validated(key, schema, value).issues ?? []);
  }

  /** The schema's own output is stored, so it must satisfy the schema in turn. */
  #validate(key: string, value: unknown): unknown {
    const schema = this.#schemaOf(key);
    if (schema === undefined) return value;
    const first = validated(key, schema, value);
    const again = first.issues === undefined ? validated(key, schema, first.value) : first;
    if (again.issues !== undefined) throw new ContextError("VALUE_REJECTED", { key, issues: again.issues });
    return first.value;
  }

  #schemaOf(key: string): StandardSchemaV1 | undefined {
    return Object.hasOwn(this.#schemas, key) ? this.#schemas[key] : undefined;
  }
}

/**
 * The own keys of a plain object with their values, refusing what could not be told apart from them later.
 * @throws {ContextError} VALUE_UNSUPPORTED
 */
export function ownEntries(values: unknown): [string, unknown][] {
  const refuse = (what: string) => new ContextError("VALUE_UNSUPPORTED", { path: "values", what });
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw refuse("not an object of keys and values");
  }
  if (values instanceof Map || values instanceof Set)
    throw refuse("a collection, not an object of keys and values");
  if (Object.getOwnPropertySymbols(values).length > 0) throw refuse("an object with a symbol as a key");
  return Object.entries(values);
}

type Validated =
  | { readonly issues?: undefined; readonly value: unknown }
  | { readonly issues: readonly Issue[]; readonly value?: undefined };

function validated(key: string, schema: StandardSchemaV1, value: unknown): Validated {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new ContextError("SCHEMA_ASYNCHRONOUS", { key });
  }
  if (result.issues === undefined) return { value: result.value };
  return { issues: result.issues.map(({ message, path }) => ({ message, path: pathText(path ?? []) })) };
}

function pathText(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
}
