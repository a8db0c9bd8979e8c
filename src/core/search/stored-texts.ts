/**
 * Searching: which texts there are in a stored value, and which of them fit a pattern. It works on values as
 * they are encoded, since decoding what does not fit would be in vain. Pure; knows nothing of contexts.
 */
import type { Path } from "../diff/difference.js";

/** A text in a stored value: the name of a key in it, or what stands under one. */
export interface StoredText {
  readonly where: "key" | "value";
  readonly text: string;
  /**
   * Leads to it from the value itself, as far as paths do: to a map, set, error or instance of a class where
   * the text is inside one.
   */
  readonly path: Path;
}

/**
 * Visits every text in a stored value, in the order in which it is written, until the visitor says true;
 * tells whether it did. A leaf's text is what its encoding shows of it: a text itself, the digits of a number
 * or bigint, `true`, `null`, `undefined`, the ISO time of a date, the source of a regular expression, a URL's
 * address. So every text stands, as JSON escapes it, in the JSON text of the value. Bytes have none.
 */
export function someText(tree: unknown, visit: (found: StoredText) => boolean): boolean {
  return new TextWalk(visit).value(tree);
}

type Dictionary = Readonly<Record<string, unknown>>;

/** Where the texts of a tagged object are; in one of any other tag, such as bytes, there are none. */
const shapes = new Map(
  Object.entries({
    number: "text",
    bigint: "text",
    date: "text",
    url: "text",
    undefined: "undefined",
    regexp: "expression",
    object: "members",
    "null-prototype": "members",
    map: "parts",
    set: "parts",
    class: "parts",
    error: "error",
  } as const),
);

class TextWalk {
  readonly #visit: (found: StoredText) => boolean;
  readonly #path: (string | number)[] = [];
  /** How many objects that no path leads into lie around. */
  #closed = 0;

  constructor(visit: (found: StoredText) => boolean) {
    this.#visit = visit;
  }

  value(tree: unknown): boolean {
    if (typeof tree !== "object" || tree === null) return this.#text("value", String(tree));
    if (Array.isArray(tree)) return this.#elements(tree);
    // What is neither a leaf nor an array is an object.
    const members = tree as Dictionary;
    return Object.hasOwn(members, "$type") ? this.#tagged(members) : this.#members(members);
  }

  #elements(elements: readonly unknown[]): boolean {
    return elements.some((element, index) => this.#at(index, () => this.value(element)));
  }

  #members(members: Dictionary): boolean {
    return Object.keys(members).some((key) =>
      this.#at(key, () => this.#text("key", key) || this.value(members[key])),
    );
  }

  #tagged({ $type: tag, ...fields }: Dictionary): boolean {
    const { value } = fields;
    switch (typeof tag === "string" ? shapes.get(tag) : undefined) {
      case "text":
        // A date that is none has no text.
        return typeof value === "string" && this.#text("value", value);
      case "undefined":
        return this.#text("value", "undefined");
      case "expression":
        return this.value(fields.source);
      case "members":
        return isDictionary(value) && this.#members(value);
      case "parts":
        return this.#inside(() => this.value(value));
      case "error":
        return this.#inside(() => this.#error(fields));
      case undefined:
        return false;
    }
  }

  #error({ properties, ...parts }: Dictionary): boolean {
    if (Object.values(parts).some((part) => this.value(part))) return true;
    return isDictionary(properties) && this.#members(properties);
  }

  #at(step: string | number, visit: () => boolean): boolean {
    if (this.#closed > 0) return visit();
    this.#path.push(step);
    const isDone = visit();
    this.#path.pop();
    return isDone;
  }

  #inside(visit: () => boolean): boolean {
    this.#closed += 1;
    const isDone = visit();
    this.#closed -= 1;
    return isDone;
  }

  #text(where: StoredText["where"], text: string): boolean {
    const steps = this.#path;
    // Most texts do not fit, and need no path.
    return this.#visit({
      where,
      text,
      get path() {
        return [...steps];
      },
    });
  }
}

function isDictionary(tree: unknown): tree is Dictionary {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}
