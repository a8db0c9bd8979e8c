import { isPlainArray, isPlainObject } from "./plain.js";

/**
 * Finds the part of a value that steps lead to: a string is an own key of a plain object, a number the index
 * of an element. Undefined where there is none; what is neither plain object nor array has no parts.
 */
export function findPart(
  value: unknown,
  steps: readonly (string | number)[],
): { readonly value: unknown } | undefined {
  let part = value;
  for (const step of steps) {
    if (typeof part !== "object" || part === null) return undefined;
    if (typeof step === "number") {
      if (!isPlainArray(part) || step >= part.length) return undefined;
      part = part[step];
    } else {
      if (!isPlainObject(part) || !Object.hasOwn(part, step)) return undefined;
      part = part[step];
    }
  }
  return { value: part };
}
