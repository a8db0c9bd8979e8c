/** A plain object seen as what it is: own keys with anything under them. */
export type Dictionary = Record<string, unknown>;

/** Says whether an object is an array and not an instance of a subclass. */
export function isPlainArray(value: object): value is unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype;
}

/** Says whether an object is `{…}` or was made with `Object.create(null)`. */
export function isPlainObject(value: object): value is Dictionary {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !Array.isArray(value);
}

/** Says whether a plain object's encoding is wrapped in a tag of its own. */
export function isWrapped(value: Dictionary): boolean {
  return Object.getPrototypeOf(value) === null || Object.hasOwn(value, "$type");
}

/** Copies a plain object with its own keys and its prototype; each key can then be assigned, `__proto__` too. */
export function copyShallow(value: Dictionary): Dictionary {
  // Naming the prototype is not needed for `{…}`, but V8 marks and freezes a bare spread five times slower.
  return { __proto__: Object.getPrototypeOf(value) as unknown, ...value };
}
