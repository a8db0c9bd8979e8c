import { type Dictionary, isPlainArray, isPlainObject } from "../value/plain.js";

/** The keys that tell one element of an array from the others; the first that is there counts. */
const idKeys = ["id", "_id", "uuid", "key"] as const;

/** Keys of an object that are looked at: enough to tell, and few enough to ask often. */
const keysLookedAt = 16;

/** Characters from either end of a text that are looked at. */
const charactersLookedAt = 256;

/** From this length on, a text that begins like another is seen as that one grown. */
const tellingLength = 16;

/** Finds what an object says it is, as a text that is equal for equal ids only. */
export function findIdentity(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !isPlainObject(value)) return undefined;
  for (const key of idKeys) {
    const id = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof id === "string" || typeof id === "number" || typeof id === "bigint") {
      return `${key} ${typeof id} ${id}`;
    }
  }
  return undefined;
}

/** Two plain containers of one kind: one can become the other by changes inside. */
export type Containers =
  | { readonly kind: "arrays"; readonly before: readonly unknown[]; readonly after: readonly unknown[] }
  | { readonly kind: "objects"; readonly before: Dictionary; readonly after: Dictionary };

/** Finds what kind of plain container both values are, if they are of the same. */
export function findContainers(before: unknown, after: unknown): Containers | undefined {
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) {
    return undefined;
  }
  if (Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) return undefined;
  if (isPlainArray(before)) return isPlainArray(after) ? { kind: "arrays", before, after } : undefined;
  if (!isPlainObject(before) || !isPlainObject(after)) return undefined;
  return { kind: "objects", before, after };
}

/** Says whether two elements that stand at the same place are one that changed: by id, or half of the keys. */
export function areOneChanged(before: unknown, after: unknown): boolean {
  const pair = findContainers(before, after);
  if (pair?.kind !== "objects") return pair !== undefined;
  const id = findIdentity(before);
  if (id !== undefined) return id === findIdentity(after);
  const keys = Object.keys(pair.before).slice(0, keysLookedAt);
  const shared = keys.filter((key) => Object.hasOwn(pair.after, key)).length;
  return shared * 2 >= largerSize(pair.before, pair.after);
}

/** Rates from 0 to 1 how much of one value is in the other, at a glance. */
export function rateLikeness(a: unknown, b: unknown): number {
  if (Object.is(a, b)) return 1;
  if (typeof a === "string" && typeof b === "string") return rateTexts(a, b);
  const pair = findContainers(a, b);
  if (pair === undefined) return 0;
  return pair.kind === "arrays" ? rateArrays(pair.before, pair.after) : rateObjects(pair.before, pair.after);
}

function rateObjects(a: Dictionary, b: Dictionary): number {
  const id = findIdentity(a);
  if (id !== findIdentity(b)) return 0;
  if (id !== undefined) return 1;
  const keys = Object.keys(a).slice(0, keysLookedAt);
  const shared = keys.filter((key) => Object.hasOwn(b, key));
  const sum = shared.reduce((total, key) => total + ratePart(a[key], b[key]), 0);
  return sum / Math.max(1, largerSize(a, b));
}

function rateArrays(a: readonly unknown[], b: readonly unknown[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  return (ratePart(a[0], b[0]) + ratePart(a.at(-1), b.at(-1))) / 2;
}

/** What lies deeper is not looked at: it counts half. */
function ratePart(a: unknown, b: unknown): number {
  if (Object.is(a, b)) return 1;
  if (typeof a === "string" && typeof b === "string") return rateTexts(a, b);
  return findContainers(a, b) === undefined ? 0 : 0.5;
}

function rateTexts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  const size = shorter >= tellingLength ? shorter : Math.max(a.length, b.length);
  let first = 0;
  while (first < Math.min(shorter, charactersLookedAt) && a[first] === b[first]) first++;
  let last = 0;
  const rest = Math.min(shorter - first, charactersLookedAt);
  while (last < rest && a[a.length - 1 - last] === b[b.length - 1 - last]) last++;
  return (first + last) / Math.max(1, Math.min(size, 2 * charactersLookedAt));
}

function largerSize(a: Dictionary, b: Dictionary): number {
  return Math.min(keysLookedAt, Math.max(Object.keys(a).length, Object.keys(b).length));
}
