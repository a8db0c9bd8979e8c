import { findOwnProperty } from "../objection.js";
import type { Kind } from "./kind.js";

/** A URL, as its text. */
export const url: Kind<URL> = {
  tag: "url",
  fields: ["value"],
  prototypes: [URL.prototype],
  findObjection: (value) =>
    parse(value.href) === undefined ? { what: "a URL that parses to another one" } : findOwnProperty(value),
  levels: () => 1,
  copy: (value) => new URL(value.href),
  encode: (value) => ({ value: value.href }),
  decode: ({ value }) => (typeof value === "string" ? parse(value) : undefined),
  isEqual: (a, b) => a.href === b.href,
};

function parse(href: string): URL | undefined {
  if (!URL.canParse(href)) return undefined;
  const parsed = new URL(href);
  return parsed.href === href ? parsed : undefined;
}
