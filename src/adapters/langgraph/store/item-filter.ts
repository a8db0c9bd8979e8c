import { diffValues } from "../../../index.js";

/** Tells whether an item's value fits. */
export type ItemFilter = (value: unknown) => boolean;

/** A name of a filter and what is asked of it. */
type Claim = (found: unknown) => boolean;

/** What an operator asks of what stands under a name; numbers are compared as JavaScript makes numbers of things. */
const operators: Readonly<Record<string, (asked: unknown) => Claim>> = {
  $eq: (asked) => (found) => isEqual(found, asked),
  $ne: (asked) => (found) => !isEqual(found, asked),
  $gt: (asked) => (found) => toNumber(found) > toNumber(asked),
  $gte: (asked) => (found) => toNumber(found) >= toNumber(asked),
  $lt: (asked) => (found) => toNumber(found) < toNumber(asked),
  $lte: (asked) => (found) => toNumber(found) <= toNumber(asked),
  $in: (asked) => (found) => Array.isArray(asked) && asked.some((one) => isEqual(found, one)),
  $nin: (asked) => (found) => !Array.isArray(asked) || !asked.some((one) => isEqual(found, one)),
};

/**
 * Makes a filter of what LangGraph writes: names of the value's own properties, each with the value it has to have,
 * or with operators. A name is taken as it is: a dot in it leads nowhere.
 */
export function filterOf(filter: Readonly<Record<string, unknown>>): ItemFilter {
  const claims = Object.entries(filter).map(([name, asked]) => [name, claimOf(asked)] as const);
  return (value) => claims.every(([name, isMet]) => isMet(ownProperty(value, name)));
}

function claimOf(asked: unknown): Claim {
  const names = isPlain(asked) ? Object.keys(asked) : [];
  if (!isPlain(asked) || names.length === 0 || !names.every((name) => Object.hasOwn(operators, name)))
    return (found) => isEqual(found, asked);
  const claims = names.map((name) => operators[name]?.(asked[name]));
  return (found) => claims.every((isMet) => isMet?.(found) === true);
}

/** Values are equal by what they hold; who filters never has the stored object itself. */
function isEqual(found: unknown, asked: unknown): boolean {
  if (found === asked) return true;
  if (typeof found !== "object" || typeof asked !== "object") return false;
  return diffValues(found, asked).length === 0;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function ownProperty(value: unknown, name: string): unknown {
  if (value === null || value === undefined || !Object.hasOwn(Object(value) as object, name))
    return undefined;
  // It has such a property, as the line above says.
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** A number, or NaN, which is neither more nor less than anything; some objects refuse to be made into one. */
function toNumber(value: unknown): number {
  try {
    return Number(value);
  } catch {
    return Number.NaN;
  }
}
