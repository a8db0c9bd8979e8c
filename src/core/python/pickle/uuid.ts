import { marked } from "../marked.js";
import { Complete, type PythonValue } from "../python-value.js";

/** A UUID before its number is known. */
export function makeUuid(): Complete {
  return new Complete("UUID", undefined, "");
}

/** Gives a UUID its number, once; false where that is none. */
export function completeUuid(uuid: Complete, [key, number, ...others]: readonly PythonValue[]): boolean {
  if (uuid.kind !== "UUID" || uuid.value !== undefined || key !== "int" || others.length > 0) return false;
  if (typeof number !== "bigint" && typeof number !== "number") return false;
  if (typeof number === "number" && !Number.isSafeInteger(number)) return false;
  const digits = number.toString(16).padStart(32, "0");
  if (number < 0 || digits.length > 32) return false;
  uuid.complete(marked("UUID", { value: digits.replace(groups, "$1-$2-$3-$4-$5") }), digits);
  return true;
}

const groups = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;
