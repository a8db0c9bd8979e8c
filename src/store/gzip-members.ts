import { readSync } from "node:fs";
import { crc32, deflateRawSync, gunzipSync, inflateRawSync } from "node:zlib";

/**
 * Compressed text as a row of gzip members, each of which tells in its header how long it is: so a file of any
 * size is written and read piece by piece, at once, and every tool that knows gzip reads it, too.
 */
const header = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 8, 0, 0x44, 0x43, 4, 0]);
const headerBytes = header.length + 4;

/** Compresses one piece. */
export function writeMember(text: string): Buffer {
  const plain = Buffer.from(text, "utf8");
  const packed = deflateRawSync(plain);
  const [length, trailer] = [Buffer.alloc(4), Buffer.alloc(8)];
  length.writeUInt32LE(packed.length);
  trailer.writeUInt32LE(crc32(plain));
  trailer.writeUInt32LE(plain.length % 2 ** 32, 4);
  return Buffer.concat([header, length, packed, trailer]);
}

/** Whether a file begins as gzip does. */
export function isGzip(beginning: Buffer): boolean {
  return beginning[0] === header[0] && beginning[1] === header[1];
}

/** Reads piece by piece what {@link writeMember} wrote; what another tool has compressed, as a whole. */
export function* readMembers(descriptor: number): Generator<Buffer> {
  for (let at = 0; ;) {
    const begin = readAt(descriptor, at, headerBytes);
    if (begin.length === 0) return;
    if (!begin.subarray(0, header.length).equals(header)) {
      yield gunzipSync(readToEnd(descriptor, at));
      return;
    }
    const length = begin.readUInt32LE(header.length);
    const packed = readAt(descriptor, at + headerBytes, length + 8);
    if (packed.length < length + 8) throw new Error("it ends in the midst of a piece");
    const plain = inflateRawSync(packed.subarray(0, length));
    if (crc32(plain) !== packed.readUInt32LE(length)) throw new Error("the checksum of a piece is wrong");
    yield plain;
    at += headerBytes + length + 8;
  }
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  for (let count = -1; read < length && count !== 0; read += count)
    count = readSync(descriptor, bytes, read, length - read, position + read);
  return bytes.subarray(0, read);
}

function readToEnd(descriptor: number, position: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = position; ;) {
    const piece = readAt(descriptor, at, 1 << 20);
    if (piece.length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
    at += piece.length;
  }
}
