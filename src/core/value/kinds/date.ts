import { findOwnProperty } from "../objection.js";
import type { Kind } from "./kind.js";

/** A moment; an invalid date is kept as null. */
export const date: Kind<Date> = {
  tag: "date",
  fields: ["value"],
  prototypes: [Date.prototype],
  findObjection: (value) => findOwnProperty(value),
  levels: () => 1,
  copy: (value) => new Date(value.getTime()),
  encode: (value) => ({ value: Number.isNaN(value.getTime()) ? null : value.toISOString() }),
  decode: ({ value }) => {
    if (value === null) return new Date(NaN);
    const decoded = new Date(typeof value === "string" ? value : NaN);
    return !Number.isNaN(decoded.getTime()) && decoded.toISOString() === value ? decoded : undefined;
  },
  isEqual: (a, b) => Object.is(a.getTime(), b.getTime()),
};
