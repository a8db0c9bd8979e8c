import { ContextError, isContextError } from "./errors.js";
import { type Details, type Effect, type EventDraft, markHeld, type Scope } from "./event.js";
import type { Codec, Held } from "./value/codec.js";
import { erasedTag, ErasedValue, writeErased } from "./value/erased.js";

/** The format of the payloads that this release writes; older ones are upcast on reading. */
export const payloadFormat = 1;

/** Randomness and digests, which the pure core is handed. */
export interface Seal {
  /** Fresh random text that keeps the digest of an erased value from being guessed. */
  readonly salt: () => string;
  /** SHA-256 of a text, in hex. */
  readonly digest: (text: string) => string;
}

/** A payload as text, and the digest of each effect's value, in order (null where an effect has none). */
export interface SealedPayload {
  readonly text: string;
  readonly digests: readonly (string | null)[];
}

/** Writes a draft as payload text. Values go in as they were encoded when they were taken. */
export function sealPayload(draft: EventDraft, seal: Seal): SealedPayload {
  const digests: (string | null)[] = [];
  const effects = draft.effects.map((effect) => {
    const head = `{"op":"${effect.op}","scope":"${effect.scope}","key":${JSON.stringify(effect.key)}`;
    if (effect.op !== "set") {
      digests.push(null);
      return `${head}}`;
    }
    const salt = seal.salt();
    digests.push(seal.digest(salt + effect.held.text));
    return `${head},"value":${effect.held.text},"salt":"${salt}"}`;
  });
  const text = `{"format":${payloadFormat},"effects":[${effects.join(",")}],"details":${JSON.stringify(draft.details)}}`;
  return { text, digests };
}

/** An effect as it stands in a payload. */
export interface StoredEffect {
  readonly op: Effect["op"];
  readonly scope: Scope;
  readonly key: string;
  readonly value?: unknown;
  readonly salt?: string;
}

/** A payload as parsed, with its values still encoded. */
export interface StoredPayload {
  readonly format: number;
  readonly effects: readonly StoredEffect[];
  readonly details: Details;
}

/** Which event a payload is of, for errors. */
export interface EventPlace {
  readonly context: string;
  readonly sequence: number;
}

/** Details without what is kept for repeated commands only. */
export function withoutReceipt(details: Details): Details {
  if (details.receipt === undefined) return details;
  const others = { ...details };
  delete others.receipt;
  return others;
}

/**
 * Parses payload text of any known format into the present one.
 * @throws {ContextError} EVENT_UNREADABLE
 */
export function parsePayload(text: string, place: EventPlace): StoredPayload {
  const unreadable = (why: string, cause?: unknown) =>
    new ContextError("EVENT_UNREADABLE", { ...place, why }, { cause });
  let payload: StoredPayload;
  try {
    // What stands in an event row was written by sealPayload, and the format says by which release.
    payload = JSON.parse(text) as StoredPayload;
  } catch (cause) {
    throw unreadable("its payload is not JSON", cause);
  }
  // Damage may have left anything there, null too.
  const { effects } = (payload as StoredPayload | null) ?? {};
  if (!Array.isArray(effects)) throw unreadable("its payload has no effects");
  if (payload.format > payloadFormat) {
    throw unreadable(
      `its payload has format ${payload.format}; this release reads up to ${payloadFormat}. Upgrade durable-context`,
    );
  }
  return payload;
}

/** The digests of a parsed payload's values, as {@link sealPayload} gave them. */
export function digestsOf(payload: StoredPayload, digest: Seal["digest"]): (string | null)[] {
  return payload.effects.map((effect) => (effect.op === "set" ? digestOf(effect, digest) : null));
}

function digestOf(effect: StoredEffect, digest: Seal["digest"]): string {
  return erasedDigest(effect) ?? digest(`${effect.salt ?? ""}${JSON.stringify(effect.value)}`);
}

/** The digest that stands in the place of an erased value; undefined for a value that is there. */
export function erasedDigest({ value, salt }: StoredEffect): string | undefined {
  if (salt !== undefined || typeof value !== "object" || value === null) return undefined;
  const tree = value as { readonly $type?: unknown; readonly digest?: unknown };
  return tree.$type === erasedTag && typeof tree.digest === "string" ? tree.digest : undefined;
}

/** Payload text without the values of some effects; their digests stay, and the hash with them. */
export function erasePayload(
  payload: StoredPayload,
  erased: ReadonlySet<number>,
  digest: Seal["digest"],
): string {
  const effects = payload.effects.map((effect, index) => {
    if (!erased.has(index) || effect.op !== "set") return effect;
    const { op, scope, key } = effect;
    return { op, scope, key, value: writeErased(new ErasedValue(digestOf(effect, digest))) };
  });
  return JSON.stringify({ ...payload, effects });
}

/**
 * Decodes the effects of a parsed payload; the payload is given away.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function decodeEffects(payload: StoredPayload, codec: Codec, place: EventPlace): Effect[] {
  return decoding(place, () => payload.effects.map((effect) => decodeEffect(effect, codec)));
}

/** An effect as it is read back: what its key then holds, or nothing where it holds nothing more. */
export interface ReadEffect {
  readonly op: Effect["op"];
  readonly scope: Scope;
  readonly key: string;
  readonly held: Held | undefined;
}

/**
 * Does what {@link decodeEffects} does, but for the sizes of the values, which nobody needs who only looks.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function readEffects(payload: StoredPayload, codec: Codec, place: EventPlace): ReadEffect[] {
  return decoding(place, () => payload.effects.map((effect) => readEffect(effect, codec)));
}

function decoding<Result>(place: EventPlace, decode: () => Result): Result {
  try {
    return decode();
  } catch (cause) {
    if (isContextError(cause)) throw cause;
    throw new ContextError(
      "EVENT_UNREADABLE",
      { ...place, why: "a value in it is not one of ours" },
      { cause },
    );
  }
}

function readEffect({ op, scope, key, value }: StoredEffect, codec: Codec): ReadEffect {
  switch (op) {
    case "set":
      return { op, scope, key, held: codec.decode(value) };
    case "delete":
    case "unprotect":
      return { op, scope, key, held: undefined };
    case "protect":
      return { op, scope, key, held: markHeld };
  }
}

function decodeEffect({ op, scope, key, value }: StoredEffect, codec: Codec): Effect {
  switch (op) {
    case "set": {
      const bytes = Buffer.byteLength(JSON.stringify(value));
      return { op, scope, key, held: { ...codec.decode(value), bytes } };
    }
    case "delete":
      return { op, scope, key };
    case "protect":
    case "unprotect":
      return { op, scope: "protection", key };
  }
}
