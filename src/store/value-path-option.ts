import { inspect } from "node:util";
import { ContextError } from "../core/errors.js";
import { parsePath, type ValuePath } from "../core/value/parse-path.js";

/** A path from a context into one of its values: an array, or text as one would write it in code. */
export type PathOption = string | ValuePath;

/** More steps than any value has levels. */
const longestPath = 1_000;

/**
 * Takes in a path.
 * @throws {ContextError} PATH_INVALID
 */
export function takePath(path: PathOption): ValuePath {
  if (typeof path === "string") return parsePath(path);
  // A caller without types may pass anything.
  const steps: unknown = path;
  if (!Array.isArray(steps)) throw unfit(steps, "it is neither text nor an array");
  if (steps.length > longestPath) throw unfit([], "it has more steps than a value has levels");
  const [key, ...rest] = steps as unknown[];
  if (typeof key !== "string") throw unfit(steps, "it begins with the name of a key");
  const odd = rest.find((step) => typeof step !== "string" && !isIndex(step));
  if (odd !== undefined || rest.includes(undefined)) {
    throw unfit(steps, "a step is neither text nor the index of an element");
  }
  return [key, ...(rest as (string | number)[])];
}

function isIndex(step: unknown): boolean {
  return Number.isSafeInteger(step) && Number(step) >= 0;
}

function unfit(path: unknown, why: string): ContextError {
  // Of anything else, such as an object that cannot be looked at, only its kind is told.
  const shown = Array.isArray(path) ? inspect(path, { depth: 0, breakLength: Infinity }) : `(${typeof path})`;
  return new ContextError("PATH_INVALID", { path: shown, why });
}
