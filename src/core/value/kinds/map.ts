import { findOwnProperty } from "../objection.js";
import type { Kind } from "./kind.js";

/** A Map, as a list of pairs in order. */
export const map: Kind<Map<unknown, unknown>> = {
  tag: "map",
  fields: ["value"],
  prototypes: [Map.prototype],
  findObjection: (value) => findOwnProperty(value),
  levels: (value) => (value.size === 0 ? 2 : 3),
  copy: (value, visit) => {
    const copy = new Map<unknown, unknown>();
    let i = 0;
    for (const [key, part] of value) {
      const keptKey = visit(key, { call: "keys", key: i++ }, 3);
      copy.set(keptKey, visit(part, { call: "get", key }, 3));
    }
    return copy;
  },
  encode: (value, encode) => ({ value: [...value].map((pair) => pair.map(encode)) }),
  decode: ({ value }, decode) => {
    if (!Array.isArray(value)) return undefined;
    const pairs: unknown[] = value;
    return pairs.every(isPair)
      ? new Map(pairs.map(([key, part]) => [decode(key, 3), decode(part, 3)]))
      : undefined;
  },
  isEqual: (a, b, both) => {
    if (a.size !== b.size) return false;
    both([...a].flat(), [...b].flat());
    return true;
  },
};

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
