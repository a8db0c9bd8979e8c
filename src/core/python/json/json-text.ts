import type { FileBytes } from "../file-bytes.js";
import type { Texts } from "../texts.js";

/** Reads a text in quotes, half surrogate pairs included; where it is none, says why. */
export function readJsonText(bytes: FileBytes, texts: Texts): string | { readonly why: string } {
  bytes.take();
  const pieces: string[] = [];
  let plain: Uint8Array[] = [];
  for (;;) {
    for (let run = plainRun(bytes); run.length > 0; run = plainRun(bytes)) plain.push(run);
    const end = bytes.take();
    if (end === undefined) return { why: "the file ends in the midst of a text" };
    if (end < 0x20) return { why: "a text has a control character that is not escaped" };
    const [only] = plain;
    const text =
      only === undefined
        ? ""
        : texts.ofUtf8(plain.length === 1 ? only : new Uint8Array(Buffer.concat(plain)));
    if (text === undefined) return { why: "a text is not UTF-8" };
    plain = [];
    if (end === 0x22) return pieces.length === 0 ? text : texts.same([...pieces, text].join(""));
    const escaped = readEscape(bytes);
    if (escaped === undefined) return { why: "a text has a backslash before what cannot be escaped" };
    pieces.push(text, escaped);
  }
}

function plainRun(bytes: FileBytes): Uint8Array {
  // What is taken is gone as soon as the next chunk comes.
  return new Uint8Array(bytes.takeWhile(isPlain));
}

function isPlain(byte: number): boolean {
  return byte !== 0x22 && byte !== 0x5c && byte >= 0x20;
}

const escapes: ReadonlyMap<number, string> = new Map([
  [0x22, '"'],
  [0x5c, "\\"],
  [0x2f, "/"],
  [0x62, "\b"],
  [0x66, "\f"],
  [0x6e, "\n"],
  [0x72, "\r"],
  [0x74, "\t"],
]);

function readEscape(bytes: FileBytes): string | undefined {
  const letter = bytes.take();
  if (letter !== 0x75) return escapes.get(letter ?? 0);
  const digits = Buffer.from(bytes.takeMany(4) ?? []).toString("latin1");
  return /^[0-9a-fA-F]{4}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 16)) : undefined;
}
