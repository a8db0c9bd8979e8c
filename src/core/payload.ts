import { ContextError } from "./errors.js";
import type { Details, Effect, EventDraft, Scope } from "./event.js";
import type { Edit } from "./patch/edit.js";
import { erasedTag, ErasedValue, writeErased } from "./value/erased.js";

/**
 * The newest format of payloads that this release knows. The next one is 4: by 3 an engine knows the payloads again
 * that it keeps compressed, and which nobody else sees so.
 */
export const payloadFormat = 2;

/** The format of a payload with such effects: the second one has patches, and is as the first one otherwise. */
export function formatOf(effects: readonly { readonly op: Effect["op"] }[]): number {
  return effects.some(({ op }) => op === "patch") ? payloadFormat : 1;
}

/** What a patch costs to be read beside its text, in bytes: about as long as an event takes, a value is parsed. */
const patchCharge = 64;

/** What a patch of some text adds to the cost of reading a value. */
export function patchCost(text: string): number {
  return Buffer.byteLength(text) + patchCharge;
}

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
  readonly format: number;
  readonly digests: readonly (string | null)[];
}

/** Writes a draft as payload text. Values go in as they were encoded when they were taken. */
export function sealPayload(draft: EventDraft, seal: Seal): SealedPayload {
  const digests: (string | null)[] = [];
  const effects = draft.effects.map((effect) => {
    const head = `{"op":"${effect.op}","scope":"${effect.scope}","key":${JSON.stringify(effect.key)}`;
    if (effect.op !== "set" && effect.op !== "patch") {
      digests.push(null);
      return `${head}}`;
    }
    const salt = seal.salt();
    const [member, content] = effect.op === "set" ? ["value", effect.held.text] : ["patch", effect.text];
    digests.push(seal.digest(salt + content));
    return `${head},"${member}":${content},"salt":"${salt}"}`;
  });
  const format = formatOf(draft.effects);
  const text = `{"format":${format},"effects":[${effects.join(",")}],"details":${JSON.stringify(draft.details)}}`;
  return { text, format, digests };
}

/** An effect as it stands in a payload. */
export interface StoredEffect {
  readonly op: Effect["op"];
  readonly scope: Scope;
  readonly key: string;
  readonly value?: unknown;
  readonly patch?: StoredPatch;
  readonly salt?: string;
}

/** What stands in the log of a value that was changed. */
export interface StoredPatch {
  /** The number of the event that gave the key the value which the edits change. */
  readonly on: number;
  /** Of the encoding that the value then has. */
  readonly bytes: number;
  /** Their parts are encoded. */
  readonly edits: readonly Edit[];
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
  return payload.effects.map((effect) => (hasContent(effect) ? digestOf(effect, digest) : null));
}

/** Whether an effect brings something of the caller's. */
export function hasContent({ op }: { readonly op: Effect["op"] }): boolean {
  return op === "set" || op === "patch";
}

function digestOf(effect: StoredEffect, digest: Seal["digest"]): string {
  return erasedDigest(effect) ?? digest(`${effect.salt ?? ""}${JSON.stringify(contentOf(effect))}`);
}

/** What an effect brings, as it stands in the log: a value or a patch, or what is left of it. */
export function contentOf({ op, value, patch }: StoredEffect): unknown {
  return op === "patch" ? patch : value;
}

/** The change that an effect brings, where it is one that has to be read together with what it is on. */
export function patchIn(effect: StoredEffect): StoredPatch | undefined {
  return effect.op === "patch" && erasedDigest(effect) === undefined ? effect.patch : undefined;
}

/** The digest that stands in the place of an erased value; undefined for a value that is there. */
export function erasedDigest(effect: StoredEffect): string | undefined {
  const content = contentOf(effect);
  if (effect.salt !== undefined || typeof content !== "object" || content === null) return undefined;
  const tree = content as { readonly $type?: unknown; readonly digest?: unknown };
  return tree.$type === erasedTag && typeof tree.digest === "string" ? tree.digest : undefined;
}

/** Payload text without the values of some effects; their digests stay, and the hash with them. */
export function erasePayload(
  payload: StoredPayload,
  erased: ReadonlySet<number>,
  digest: Seal["digest"],
): string {
  const effects = payload.effects.map((effect, index) => {
    if (!erased.has(index) || !hasContent(effect)) return effect;
    const { op, scope, key } = effect;
    const left = writeErased(new ErasedValue(digestOf(effect, digest)));
    return op === "patch" ? { op, scope, key, patch: left } : { op, scope, key, value: left };
  });
  return JSON.stringify({ ...payload, effects });
}
