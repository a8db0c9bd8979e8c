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
  return as === "text" ? text : parseValue(cli, text, as);
}

/** Reads an object from an argument, from stdin (`-`), or from a file (`@path`). */
export async function readObject(cli: Cli, argument: string, as: "json" | "tagged"): Promise<object> {
  const isFile = argument.startsWith("@");
  const text = isFile ? readFile(argument.slice(1)) : await readText(cli.io, argument);
  const value = parseValue(cli, text, as);
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

function parseValue(cli: Cli, text: string, as: "json" | "tagged"): unknown {
  const value = parseJson(text);
  if (as === "json") return value;
  try {
    return cli.valueOf(text);
  } catch (error) {
    throw usageError(`The value cannot be read: ${(error as Error).message}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError("The value is not JSON.", `Quote text twice ('"ready"'), or pass --string.`);
  }
}
