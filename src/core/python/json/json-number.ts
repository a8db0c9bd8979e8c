import type { FileBytes } from "../file-bytes.js";
import { shortest } from "../integer.js";

/** More than Python itself writes, and few enough to be read in no time. */
const mostCharacters = 100_000;

/** Reads a number: an integer exactly, a float as Python does. What is none comes back as the text that it is. */
export function readJsonNumber(bytes: FileBytes): number | bigint | string {
  const pieces: string[] = [];
  let length = 0;
  for (let piece = next(bytes); piece !== "" && length <= mostCharacters; piece = next(bytes)) {
    pieces.push(piece);
    length += piece.length;
  }
  const text = pieces.join("");
  if (length > mostCharacters) return text;
  if (integer.test(text)) return text.length <= 15 ? Number(text) + 0 : shortest(BigInt(text));
  return float.test(text) ? Number(text) : text;
}

const integer = /^-?(?:0|[1-9]\d*)$/;
const float = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function next(bytes: FileBytes): string {
  return Buffer.from(bytes.takeWhile(isOfNumber)).toString("latin1");
}

/** Digits, and `+ - . E e`. */
function isOfNumber(byte: number): boolean {
  if (byte >= 0x30 && byte <= 0x39) return true;
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45 || byte === 0x65;
}
