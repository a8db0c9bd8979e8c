import type { Key } from "node:readline";

/** A key as the stepper knows it: its name, and the text that it types, if any. */
export interface KeyPress {
  /** Such as `left`, `return`, `a` or `ctrl-c`. */
  readonly name: string;
  readonly text: string;
}

/** Reads what node:readline says of a key. */
export function readKey(typed: string | undefined, { name = "", ctrl, meta, sequence = "" }: Key): KeyPress {
  if (ctrl === true) return { name: `ctrl-${name}`, text: "" };
  // Escape itself is told as meta, too.
  if (meta === true && name !== "escape") return { name: `meta-${name}`, text: "" };
  const text = typed ?? sequence;
  return { name, text: /^[^\p{Cc}]+$/u.test(text) && !isFunctionKey(sequence) ? text : "" };
}

function isFunctionKey(sequence: string): boolean {
  return sequence.startsWith("\u001b");
}
