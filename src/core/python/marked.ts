import { Complete } from "./python-value.js";

/** The key under which a value that only Python has says what it is. */
export const pythonTag = "$python";

/** What stands for a value that only Python has: plain, readable, and nothing but data. */
export type Marked = Readonly<Record<string, unknown>> & { readonly [pythonTag]: string };

/** Marks fields as those of a type of Python. */
export function marked(type: string, fields: Readonly<Record<string, unknown>>): Marked {
  return { [pythonTag]: type, ...fields };
}

/** A complete value of a type that is named as in Python, told from others by a text. */
export function completed(
  type: string,
  fields: Readonly<Record<string, unknown>>,
  text = JSON.stringify(fields),
): Complete {
  return new Complete(type, marked(type, fields), text);
}
