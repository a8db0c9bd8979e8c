import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { usageError } from "./cli-error.js";
import type { Cli } from "./cli.js";
import type { CliIo } from "./cli-io.js";

/** How a value was given. */
export interface ValueSource {
  /** `json` is plain JSON, `tagged` the form in which values are printed, `text` is taken literally. */
  readonly as: "json" | "tagged" | "text";
}

/** Reads a value from an argument, or from stdin where the argument is `-`. */
export async function readValue(cli: Cli, argument: string, { as }: ValueSource): Promise<unknown> {
  const text = await readText(cli.io, argument);
  if (as === "text") return text;
  const value = parseJson(text);
  if (as === "json") return value;
  try {
    return cli.valueOf(text);
  } catch (error) {
    throw usageError(`The value cannot be read: ${(error as Error).message}`);
  }
}

/** Reads an object from an argument, from stdin (`-`), or from a file (`@path`). */
export async function readObject(cli: Cli, argument: string, source: ValueSource): Promise<object> {
  const value = await readValue(
    cli,
    argument.startsWith("@") ? readFile(argument.slice(1)) : argument,
    source,
  );
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw usageError('A JSON object was expected, such as {"plan": []}.');
}

/** Reads an argument that may stand for stdin. */
export async function readText(io: CliIo, argument: string): Promise<string> {
  return argument === "-" ? readAll(io.stdin) : argument;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw usageError(`File ${JSON.stringify(path)} cannot be read: ${(error as Error).message}.`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError("The value is not JSON.", `Quote text twice ('"ready"'), or pass --string.`);
  }
}
