import { ContextError } from "./errors.js";

/** Longest context id, in UTF-16 code units. */
const longestId = 512;
/** Longest key, in UTF-16 code units. */
const longestKey = 4096;

/**
 * Checks a context id: 1 to 512 characters, without NUL and without half a surrogate pair.
 * @throws {ContextError} ID_INVALID
 */
export function checkId(id: string): string {
  const why = idFault(id);
  if (why !== undefined) throw new ContextError("ID_INVALID", { id: describe(id), why });
  return id;
}

/**
 * Checks a key: a string of at most 4,096 characters, without half a surrogate pair; it may be empty.
 * @throws {ContextError} KEY_INVALID
 */
export function checkKey(key: string): string {
  const why = keyFault(key);
  if (why !== undefined) throw new ContextError("KEY_INVALID", { key: describe(key), why });
  return key;
}

/** A name as it is shown in an error, whatever the caller passed. */
function describe(name: unknown): string {
  return typeof name === "string" ? name : `(${typeof name})`;
}

function idFault(id: unknown): string | undefined {
  if (typeof id !== "string") return "it is not a string";
  if (id === "") return "it is empty";
  if (id.length > longestId) return `it is longer than ${longestId} characters`;
  if (id.includes("\0")) return "it contains a NUL character";
  return isWellFormed(id) ? undefined : "it contains half a surrogate pair";
}

function keyFault(key: unknown): string | undefined {
  if (typeof key !== "string") return "it is not a string";
  if (key.length > longestKey) return `it is longer than ${longestKey} characters`;
  return isWellFormed(key) ? undefined : "it contains half a surrogate pair";
}

/** `String.prototype.isWellFormed`, which the language level of this project does not list yet. */
function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
