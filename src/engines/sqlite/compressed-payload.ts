import { deflateSync, type Inflate, inflateSync } from "node:zlib";
import { replaceContents } from "./effect-contents.js";

/**
 * The format of a payload's text some of whose contents stand compressed. No other engine, and nothing outside of
 * this one, ever sees it: it is taken off wherever a payload is read, and the payload is to the letter what it was.
 */
const compressedFormat = 3;

const plainBeginning = /^\{"format":([12]),"effects":\[/;
const compressedBeginning = /^\{"format":3,"expanded":([12]),"effects":\[/;

/** How what is compressed begins; nothing of a caller's does, since the encoding escapes it. */
const mark = '{"$type":"deflated","bytes":';
const markedBeginning = /^\{"\$type":"deflated","bytes":([1-9]\d*),"base64":"/;
const markedEnd = '"}';

/** It has to be so much smaller to be worth the time, and to be hidden from SQL. */
const worthwhile = 0.8;

/** Slower levels take two to six times as long, and leave a tenth less. */
const level = 3;

/** Compresses contents of more than some bytes, where that pays; the rest of the payload stays readable. */
export function compressPayload(payload: string, overBytes: number): string {
  const [beginning, format] = plainBeginning.exec(payload) ?? [];
  if (beginning === undefined || format === undefined || Buffer.byteLength(payload) <= overBytes)
    return payload;
  // Nothing writes this, but what is imported may have been made by hand.
  if (payload.includes(mark)) return payload;
  const text = replaceContents(payload, beginning.length, (content) => compress(content, overBytes));
  if (text === payload) return payload;
  return `{"format":${compressedFormat},"expanded":${format},"effects":[${text.slice(beginning.length)}`;
}

function compress(content: string, overBytes: number): string | undefined {
  const bytes = Buffer.from(content);
  if (bytes.length <= overBytes || isNoise(bytes)) return undefined;
  // With a header and a checksum, as other programs expect it.
  const base64 = deflateSync(bytes, { level }).toString("base64");
  const text = `${mark}${bytes.length},"base64":"${base64}"}`;
  return text.length < worthwhile * bytes.length ? text : undefined;
}

/** Whether parts of a long content, from all over it, get hardly smaller: pictures in base64 would cost their time. */
function isNoise(bytes: Buffer): boolean {
  if (bytes.length < 4 * sampleParts * partBytes) return false;
  const step = (bytes.length - partBytes) / (sampleParts - 1);
  const starts = Array.from({ length: sampleParts }, (_, part) => Math.floor(part * step));
  const sample = Buffer.concat(starts.map((start) => bytes.subarray(start, start + partBytes)));
  return base64Length(deflateSync(sample, { level })) > hopeful * sample.length;
}

const [sampleParts, partBytes] = [8, 2_048];

/** Parts alone repeat less than the whole. */
const hopeful = 0.9;

function base64Length({ length }: Buffer): number {
  return (length * 4) / 3;
}

/** Whether something in a payload's text is compressed; its beginning suffices. Damage may have left no text at all. */
export function isCompressed(payload: unknown): boolean {
  return typeof payload === "string" && payload.startsWith(`{"format":${compressedFormat},`);
}

/**
 * Gives a payload as it was before it was compressed. What is damaged stays as it is, and is then no value of ours,
 * nor what the event's hash covers.
 */
export function expandPayload(payload: string): string {
  if (!isCompressed(payload)) return payload;
  const [beginning, format] = compressedBeginning.exec(payload) ?? [];
  if (beginning === undefined || format === undefined) return payload;
  const text = replaceContents(payload, beginning.length, expand);
  return `{"format":${format},"effects":[${text.slice(beginning.length)}`;
}

function expand(content: string): string | undefined {
  const [beginning, size] = markedBeginning.exec(content) ?? [];
  if (beginning === undefined || size === undefined || !content.endsWith(markedEnd)) return undefined;
  const base64 = content.slice(beginning.length, -markedEnd.length);
  const [bytes, packed] = [Number(size), Buffer.from(base64, "base64")];
  // To the letter, whatever else would be read as the same bytes.
  if (bytes > mostExpansion * packed.length || packed.toString("base64") !== base64) return undefined;
  try {
    const { buffer, engine } = inflate(packed, bytes);
    return buffer.length === bytes && engine.bytesWritten === packed.length ? buffer.toString() : undefined;
  } catch {
    // It cannot be told more closely what is wrong with it.
    return undefined;
  }
}

/** Deflate makes nothing smaller than that; more is damage, and is not allocated. */
const mostExpansion = 1_040;

function inflate(packed: Buffer, bytes: number): { readonly buffer: Buffer; readonly engine: Inflate } {
  // One piece that has all of it, and room to see that there is no more.
  const chunkSize = Math.max(64, bytes + 1);
  // With `info`, it gives this and not a buffer, which its types do not say.
  return inflateSync(packed, { chunkSize, maxOutputLength: chunkSize, info: true }) as unknown as {
    buffer: Buffer;
    engine: Inflate;
  };
}
