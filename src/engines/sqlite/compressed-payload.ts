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
const compressed = /^\{"\$type":"deflated","bytes":([1-9]\d*),"base64":"([A-Za-z0-9+/]+={0,2})"\}$/;

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
  if (bytes.length <= overBytes) return undefined;
  // With a header and a checksum, as other programs expect it.
  const base64 = deflateSync(bytes, { level }).toString("base64");
  const text = `${mark}${bytes.length},"base64":"${base64}"}`;
  return text.length < worthwhile * bytes.length ? text : undefined;
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
  const [, size, base64] = compressed.exec(content) ?? [];
  if (size === undefined || base64 === undefined) return undefined;
  const [bytes, packed] = [Number(size), Buffer.from(base64, "base64")];
  try {
    const { buffer, engine } = inflate(packed, bytes);
    // To the letter: what stands behind the end would be read by nobody.
    return buffer.length === bytes && engine.bytesWritten === packed.length ? buffer.toString() : undefined;
  } catch {
    // It cannot be told more closely what is wrong with it.
    return undefined;
  }
}

function inflate(
  packed: Buffer,
  maxOutputLength: number,
): { readonly buffer: Buffer; readonly engine: Inflate } {
  // With `info`, it gives this and not a buffer, which its types do not say.
  return inflateSync(packed, { maxOutputLength, info: true }) as unknown as {
    buffer: Buffer;
    engine: Inflate;
  };
}
