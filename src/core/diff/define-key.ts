import type { Dictionary } from "../value/plain.js";

/** Sets an own key; a plain assignment to `__proto__` would set the prototype instead. */
export function defineKey(target: Dictionary, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
