import { findOwnProperty } from "../objection.js";
import type { Kind } from "./kind.js";

/** A Set, as a list in order. */
export const set: Kind<Set<unknown>> = {
  tag: "set",
  fields: ["value"],
  prototypes: [Set.prototype],
  findObjection: (value) => findOwnProperty(value),
  levels: () => 2,
  copy: (value, visit) => {
    let i = 0;
    return new Set([...value].map((part) => visit(part, { call: "values", key: i++ }, 2)));
  },
  encode: (value, encode) => ({ value: [...value].map(encode) }),
  decode: ({ value }, decode) => {
    if (!Array.isArray(value)) return undefined;
    return new Set(value.map((part) => decode(part, 2)));
  },
  isEqual: (a, b, both) => {
    if (a.size !== b.size) return false;
    both([...a], [...b]);
    return true;
  },
};
