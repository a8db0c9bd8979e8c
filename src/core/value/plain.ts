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

/** Says whether an object is plain or an array; either is seen as own keys with anything under them. */
export function isPlainContainer(value: object): value is Dictionary {
  return isPlainArray(value) || isPlainObject(value);
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

/** Copies a plain object as {@link copyShallow} does, or an array; a hole becomes a part that is undefined. */
export function copyContainer(value: Dictionary): Dictionary {
  // An array is a dictionary with indexes for keys. A frozen one is sliced ten times slower than it is spread.
  return Array.isArray(value) ? ([...(value as unknown[])] as unknown as Dictionary) : copyShallow(value);
}
