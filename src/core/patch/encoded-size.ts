import { encode } from "../value/encode.js";
import { stringify } from "../value/stringify.js";

/** Bytes of the encoding of a value, as UTF-8. */
export function encodedSize(value: unknown): number {
  return Buffer.byteLength(stringify(encode(value)));
}

/** Bytes that a text takes inside the quotes of an encoding; it must not begin or end within a character. */
export function textSize(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Bytes of a key and its value, without the comma. */
export function memberSize(key: string, value: unknown): number {
  return textSize(key) + 3 + encodedSize(value);
}

/** Bytes that the commas between so many parts take. */
export function commas(parts: number): number {
  return Math.max(0, parts - 1);
}
