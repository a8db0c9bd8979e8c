/** A number of SQLite's file format, and where what follows it begins. */
export interface Varint {
  readonly value: number;
  readonly next: number;
}

/** Reads a number of one to nine bytes; undefined where it does not end in the bytes, or no double holds it. */
export function readVarint(bytes: Buffer, at: number): Varint | undefined {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    if (index === 8) value = value * 256 + byte;
    else value = value * 128 + (byte & 0x7f);
    if (index === 8 || byte < 0x80)
      return Number.isSafeInteger(value) ? { value, next: at + index + 1 } : undefined;
  }
  return undefined;
}
