import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ContextError } from "./errors.js";
import { isThenable, letGo } from "./thenable.js";

/** A schema for each key that has one: any Standard Schema, such as zod's. */
export type Schemas = Readonly<Record<string, StandardSchemaV1>>;

/** The values that a record of schemas describes. */
export type ValuesOf<S extends Schemas> = {
  -readonly [Key in keyof S]: StandardSchemaV1.InferOutput<S[Key]>;
};

/** What is wrong with a value, and where in it. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/**
 * Checks that what was given for schemas are schemas.
 * @throws {ContextError} OPTION_INVALID
 */
export function checkSchemas(schemas: Schemas): Schemas {
  // A caller without types may pass anything.
  const given: unknown = schemas;
  if (typeof given !== "object" || given === null) throw unfit("schema", "it is not an object");
  for (const [key, schema] of Object.entries(given as Record<string, Partial<StandardSchemaV1> | null>)) {
    if (typeof schema?.["~standard"]?.validate !== "function")
      throw unfit(`schema.${key}`, "it is no Standard Schema");
  }
  return schemas;
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}

/**
 * Checks a value that is to be written, and gives what the schema makes of it. That is stored, so it must
 * satisfy the schema in turn. A key without a schema takes anything.
 * @throws {ContextError} VALUE_REJECTED, SCHEMA_ASYNCHRONOUS
 */
export function conform(schemas: Schemas, key: string, value: unknown): unknown {
  const schema = schemaOf(schemas, key);
  if (schema === undefined) return value;
  const first = validate(key, schema, value);
  const again = first.issues === undefined ? validate(key, schema, first.value) : first;
  if (again.issues !== undefined) throw new ContextError("VALUE_REJECTED", { key, issues: again.issues });
  return first.value;
}

/** What the schema of a key has against a value. */
export function issuesOf(schemas: Schemas, key: string, value: unknown): readonly Issue[] {
  const schema = schemaOf(schemas, key);
  return schema === undefined ? [] : (validate(key, schema, value).issues ?? []);
}

type Validated =
  | { readonly issues?: undefined; readonly value: unknown }
  | { readonly issues: readonly Issue[]; readonly value?: undefined };

function schemaOf(schemas: Schemas, key: string): StandardSchemaV1 | undefined {
  return Object.hasOwn(schemas, key) ? schemas[key] : undefined;
}

function validate(key: string, schema: StandardSchemaV1, value: unknown): Validated {
  const result = schema["~standard"].validate(value);
  if (isThenable(result)) {
    letGo(result);
    throw new ContextError("SCHEMA_ASYNCHRONOUS", { key });
  }
  if (result.issues === undefined) return { value: result.value };
  return { issues: result.issues.map(({ message, path }) => ({ message, path: pathText(path ?? []) })) };
}

function pathText(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
}
