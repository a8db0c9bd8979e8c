import { crc32 } from "node:zlib";

/** The newest event that an anchor knows of: its number in the store, and its hash in hexadecimal. */
export interface AnchoredHead {
  readonly position: number;
  readonly hash: string;
}

/** What the anchor of a store without events tells. */
export const beginning: AnchoredHead = { position: 0, hash: "0".repeat(64) };

/** Bytes of a record: a mark, the position, the hash, and a checksum over the three. */
export const recordBytes = 48;

const mark = Buffer.from("dca1", "latin1");
const at = { position: 4, hash: 12, checksum: 44 } as const;

/** Writes a record. It lies within one sector where records begin at its start, so it is there whole or not. */
export function encodeRecord({ position, hash }: AnchoredHead): Buffer {
  const record = Buffer.alloc(recordBytes);
  mark.copy(record);
  record.writeBigUInt64BE(BigInt(position), at.position);
  record.write(hash, at.hash, "hex");
  record.writeUInt32BE(crc32(record.subarray(0, at.checksum)), at.checksum);
  return record;
}

/**
 * Finds the greatest head that the bytes of an anchor tell of; undefined where no record is whole. Processes write
 * after their commits, so not always in order, and a write may have been cut short: records are told by their
 * mark, wherever they begin.
 */
export function greatestHead(bytes: Buffer): AnchoredHead | undefined {
  let greatest: AnchoredHead | undefined;
  for (let place = bytes.lastIndexOf(mark); place >= 0; place = previousMark(bytes, place)) {
    const head = decodeRecord(bytes.subarray(place, place + recordBytes), greatest?.position ?? -1);
    greatest = head ?? greatest;
  }
  return greatest;
}

/** Searching backwards from before the first byte would begin at the end again. */
function previousMark(bytes: Buffer, place: number): number {
  return place === 0 ? -1 : bytes.lastIndexOf(mark, place - 1);
}

/** Reads a record, if it is whole and tells of a later position than the greatest so far. */
function decodeRecord(record: Buffer, greatest: number): AnchoredHead | undefined {
  if (record.length < recordBytes) return undefined;
  const position = Number(record.readBigUInt64BE(at.position));
  if (position <= greatest) return undefined;
  if (record.readUInt32BE(at.checksum) !== crc32(record.subarray(0, at.checksum))) return undefined;
  return { position, hash: record.toString("hex", at.hash, at.checksum) };
}
