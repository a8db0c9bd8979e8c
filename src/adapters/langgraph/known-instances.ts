import { freezeValue, isContextError } from "../../index.js";

/** How an instance stood when it was last stored: its fields, and the frozen value that was made of them. */
interface Known {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly stored: Readonly<Record<string, unknown>>;
}

/**
 * A conversation comes whole at every step. An instance that was stored before, and is still as it was, is stored as
 * the very same frozen value: the store then sees at a glance that nothing changed.
 */
const known = new WeakMap<object, Known>();

/** The value that was stored for an instance, unless anything of it has changed. */
export function findKnown(instance: object, fields: Readonly<Record<string, unknown>>): object | undefined {
  const last = known.get(instance);
  if (last === undefined) return undefined;
  let left = Object.keys(last.fields).length;
  for (const name in fields) {
    left -= 1;
    const value = fields[name];
    if (value !== last.fields[name] || !isAsStored(value, last.stored[name])) return undefined;
  }
  return left === 0 ? last.stored : undefined;
}

/** Notes what is stored for an instance, if it is plain; gives what is to be stored. */
export function makeKnown(
  instance: object,
  fields: Readonly<Record<string, unknown>>,
  stored: Record<string, unknown>,
): object {
  const frozen = isAllPlain(stored, 0) ? frozenOf(stored) : undefined;
  if (frozen === undefined) return stored;
  known.set(instance, { fields, stored: frozen });
  return frozen;
}

function frozenOf(stored: Record<string, unknown>): Readonly<Record<string, unknown>> | undefined {
  try {
    return freezeValue(stored);
  } catch (error) {
    if (!isContextError(error)) throw error;
    // The store refuses it as well, and knows where it lies.
    return undefined;
  }
}

/** Whether a value that may have been changed in place is still what was stored of it. */
function isAsStored(value: unknown, stored: unknown): boolean {
  if (typeof value !== "object" || value === null) return Object.is(value, stored);
  if (typeof stored !== "object" || stored === null) return false;
  if (Array.isArray(value)) {
    if (!Array.isArray(stored) || value.length !== stored.length) return false;
    // A look at each place finds holes, too.
    return stored.every((part, index) => isAsStored(value[index], part));
  }
  // Anything but plain data stands otherwise in what is stored.
  if (Object.getPrototypeOf(value) !== Object.prototype || Array.isArray(stored)) return false;
  const names = Object.keys(value);
  if (names.length !== Object.keys(stored).length) return false;
  // Both are plain objects by now.
  const [now, then] = [value as Record<string, unknown>, stored as Record<string, unknown>];
  return names.every((name) => Object.hasOwn(then, name) && isAsStored(now[name], then[name]));
}

/** Deeper values are left to the store, which refuses them in time. */
const deepest = 100;

function isAllPlain(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (depth > deepest) return false;
  if (Array.isArray(value)) return value.every((part) => isAllPlain(part, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((part) => isAllPlain(part, depth + 1));
}
