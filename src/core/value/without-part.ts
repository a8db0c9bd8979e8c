import { findPart } from "./find-part.js";
import { copyShallow, isPlainArray, isPlainObject } from "./plain.js";

/**
 * The value without the part at the end of a path, sharing all the rest: an object loses the key, an array has
 * null in the element's place, so that the others stay where they are. The path has one step or more.
 */
export function withoutPart(value: unknown, [step, ...others]: readonly (string | number)[]): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return value;
  const part = others.length === 0 ? null : withoutPart(findPart(value, [step])?.value, others);
  if (isPlainArray(value)) return value.map((element, index) => (index === step ? part : element));
  if (!isPlainObject(value)) return value;
  const copy = copyShallow(value);
  if (others.length === 0) delete copy[step];
  else copy[step] = part;
  return copy;
}
