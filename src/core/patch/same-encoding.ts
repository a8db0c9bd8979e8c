import { encode } from "../value/encode.js";
import { equalValues } from "../value/equal.js";
import { isPlainArray, isPlainObject } from "../value/plain.js";
import { stringify } from "../value/stringify.js";

/** What a comparison may cost, in parts looked at; shared by all comparisons of one patch. */
export interface Effort {
  left: number;
}

/**
 * Whether two values have one encoding, the order of keys included. Gives false once the effort is spent: then no
 * patch is made of them anyway.
 */
export function hasSameEncoding(a: unknown, b: unknown, effort: Effort): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || --effort.left < 0) return false;
  if (isPlainArray(a)) return isPlainArray(b) && haveSameElements(a, b, effort);
  if (!isPlainObject(a)) return equalValues(a, b) && stringify(encode(a)) === stringify(encode(b));
  if (!isPlainObject(b) || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  effort.left -= keys.length;
  return (
    keys.length === others.length &&
    keys.every((key, place) => key === others[place] && hasSameEncoding(a[key], b[key], effort))
  );
}

function haveSameElements(a: readonly unknown[], b: readonly unknown[], effort: Effort): boolean {
  if (a.length !== b.length) return false;
  effort.left -= a.length;
  for (let i = 0; i < a.length; i++) if (!hasSameEncoding(a[i], b[i], effort)) return false;
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
