import { readVarint } from "./varint.js";

/** A column as the file has it; an integer that no double holds comes as a bigint. */
export type Column = null | number | bigint | string | Buffer;

/** Decodes a record of SQLite's file format; undefined where the bytes are none. */
export function readRecord(bytes: Buffer): readonly Column[] | undefined {
  const header = readVarint(bytes, 0);
  if (header === undefined || header.value > bytes.length || header.value < header.next) return undefined;
  const columns: Column[] = [];
  let body = header.value;
  for (let at = header.next; at < header.value;) {
    const type = readVarint(bytes, at);
    if (type === undefined || type.next > header.value) return undefined;
    const size = sizeOf(type.value);
    if (size === undefined || body + size > bytes.length) return undefined;
    columns.push(readColumn(bytes, body, type.value, size));
    body += size;
    at = type.next;
  }
  return body === bytes.length ? columns : undefined;
}

/** Bytes of a value, by the number of its type: null, integers of growing size, a double, 0, 1. */
const fixedSizes: readonly (number | undefined)[] = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, undefined, undefined];

/** Types from 12 on are blobs and texts, by turns, of growing length. */
function sizeOf(type: number): number | undefined {
  return type < fixedSizes.length ? fixedSizes[type] : Math.floor((type - 12) / 2);
}

function readColumn(bytes: Buffer, at: number, type: number, size: number): Column {
  if (type >= 12) {
    const part = bytes.subarray(at, at + size);
    return type % 2 === 1 ? part.toString("utf8") : Buffer.from(part);
  }
  if (type === 0) return null;
  if (type === 7) return bytes.readDoubleBE(at);
  if (type >= 8) return type - 8;
  if (size <= 6) return bytes.readIntBE(at, size);
  const whole = bytes.readBigInt64BE(at);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}
