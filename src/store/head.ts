import { createHmac, timingSafeEqual } from "node:crypto";
import { formatReference, parseReference } from "../core/address.js";
import { checkText } from "./check-option.js";
import { ContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import type { WantedHead } from "../workflows/verify.js";

/** The newest event of a context, to be kept elsewhere and checked later: its hash stands for all before it. */
export interface Head {
  readonly context: string;
  readonly sequence: number;
  readonly version: number;
  /** When the event was recorded, in ms since the epoch. */
  readonly at: number;
  /** SHA-256 of the chain up to the event, hex. */
  readonly hash: string;
  /** The head in one line, which `store.verify({ head })` takes: signed, if a key was given. */
  readonly text: string;
}

/** A secret that signs heads, so that whoever can write the store cannot make one. */
export type HeadKey = string | Uint8Array;

const signed = "hmac-sha256:";

/** Writes a head in one line: `run-42#17:<hash>`, or `run-42#17:hmac-sha256:<signature>`. */
export function headOf(context: string, event: EventRecord, key: HeadKey | undefined): Head {
  const { sequence, version, recordedAt: at, hash } = event;
  const seal = key === undefined ? hash : signed + sign(event, key);
  const text = `${formatReference(context, { kind: "sequence", sequence })}:${seal}`;
  return Object.freeze({ context, sequence, version, at, hash, text });
}

/**
 * Reads a head as `headOf` writes it, or a bare hash.
 * @throws {ContextError} OPTION_INVALID
 */
export function readHead(text: string, key: HeadKey | undefined): WantedHead {
  checkText("head", text);
  const found = /^(?:(?<place>.*):)?(?<hash>[0-9a-f]{64})$/s.exec(text)?.groups;
  if (found?.hash === undefined) throw unfit("head", "it is neither a hash nor a line that ctx.head() gave");
  const { place, hash } = found;
  if (place === undefined) {
    return { context: undefined, sequence: undefined, text, fits: (event) => event.hash === hash };
  }
  const isSigned = place.endsWith(`:${signed.slice(0, -1)}`);
  if (isSigned && key === undefined) throw unfit("key", "the head is signed, and the key of it is needed");
  const reference = parseReference(isSigned ? place.slice(0, -signed.length) : place);
  if (reference.context === undefined || reference.point?.kind !== "sequence")
    throw unfit("head", "it does not begin with a context and an event, as in run-42#17");
  return {
    context: reference.context,
    sequence: reference.point.sequence,
    text,
    fits: (event) => (isSigned && key !== undefined ? isEqual(sign(event, key), hash) : event.hash === hash),
  };
}

/** The number goes in with the hash, so that a signature tells how long the chain was, too. */
function sign({ sequence, hash }: EventRecord, key: HeadKey): string {
  if (typeof key !== "string" && !(key instanceof Uint8Array))
    throw unfit("key", "it is neither text nor bytes");
  return createHmac("sha256", key).update(`durable-context head ${sequence} ${hash}`).digest("hex");
}

function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one, "hex"), Buffer.from(other, "hex"));
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
