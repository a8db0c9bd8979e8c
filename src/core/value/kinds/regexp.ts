import { findOwnProperty } from "../objection.js";
import type { Kind } from "./kind.js";

/** A regular expression, with the place where its next search begins. */
export const regexp: Kind<RegExp> = {
  tag: "regexp",
  fields: ["source", "flags", "lastIndex"],
  prototypes: [RegExp.prototype],
  findObjection: (value) =>
    isPlace(value.lastIndex)
      ? findOwnProperty(value, "lastIndex")
      : { what: "not a place in a text", at: "lastIndex" },
  levels: () => 1,
  copy: (value) => make(value.source, value.flags, value.lastIndex),
  encode: ({ source, flags, lastIndex }) => ({ source, flags, ...(lastIndex === 0 ? {} : { lastIndex }) }),
  decode: ({ source, flags, lastIndex = 0 }) =>
    typeof source === "string" && typeof flags === "string" && isPlace(lastIndex)
      ? tryToMake(source, flags, lastIndex)
      : undefined,
  isEqual: (a, b) => a.source === b.source && a.flags === b.flags && Object.is(a.lastIndex, b.lastIndex),
};

function make(source: string, flags: string, lastIndex: number): RegExp {
  const regexp = new RegExp(source, flags);
  regexp.lastIndex = lastIndex;
  return regexp;
}

function tryToMake(source: string, flags: string, lastIndex: number): RegExp | undefined {
  try {
    return make(source, flags, lastIndex);
  } catch {
    return undefined;
  }
}

function isPlace(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}
