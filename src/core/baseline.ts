import { z } from "zod";
import { chainHash } from "./chain.js";
import { type Effect, type EventRecord, placeName, scopes } from "./event.js";
import { decodeEffects } from "./read-effects.js";
import {
  digestsOf,
  erasedDigest,
  formatOf,
  parsePayload,
  patchIn,
  type Seal,
  type StoredEffect,
  type StoredPayload,
  withoutReceipt,
} from "./payload.js";
import { type EntryValue, markEntry, placedEntry, type State } from "./state.js";
import { type PlacedEntry, stateOfEntries } from "./state-of-entries.js";
import type { Codec } from "./value/codec.js";

/**
 * A history that was pruned begins with a state, its baseline: the event at its floor, and below it nothing but
 * the events that made what stands there. The floor's own event tells which these are, in its details.
 */
const facts = z.strictObject({
  /** The last event that is not the context's own: what is left of those before it is their owner's to prove. */
  after: z.int().nonnegative(),
  /** The event that made the version of the floor. */
  made: z.int().positive(),
  /** Of each event that is left, the keys that stand by it, and where each has its place in the order of creation. */
  standing: z.record(
    z.string().regex(/^[1-9]\d*$/),
    z.array(z.tuple([z.enum(scopes), z.string(), z.int().nonnegative()])),
  ),
  /** What commands under idempotency keys came to, oldest first: key, event, digest of the command, outcome. */
  receipts: z.array(z.tuple([z.string(), z.int().positive(), z.string(), z.string().nullable()])),
});
export type BaselineFacts = z.infer<typeof facts>;

/** What the event of a floor tells of what lies below it; undefined where it tells nothing. */
export function baselineFacts({ details }: StoredPayload): BaselineFacts | undefined {
  return facts.safeParse(details.baseline).data;
}

/** The numbers of the events that a baseline consists of, the floor last. */
export function baselineSequences({ standing }: BaselineFacts): number[] {
  return Object.keys(standing)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Payload of a floor's event that tells of its baseline. */
export function withFacts(payload: StoredPayload, told: BaselineFacts): StoredPayload {
  return { ...payload, details: { ...withoutReceipt(payload.details), baseline: told } };
}

/** Details as they were when the event was made. */
function withoutFacts(details: StoredPayload["details"]): StoredPayload["details"] {
  if (details.baseline === undefined) return details;
  const others = { ...details };
  delete others.baseline;
  return others;
}

/**
 * An event of a baseline with nothing but what stands by it: the same whether its row was stripped of the rest by
 * now or not.
 */
export function standingRecord(
  record: EventRecord,
  facts: Pick<BaselineFacts, "standing">,
  isFloor: boolean,
): EventRecord {
  const payload = parsePayload(record.payload, { context: "", sequence: record.sequence });
  const effects = payload.effects.filter((effect) => stands(facts, record.sequence, effect));
  const details = withoutReceipt(isFloor ? payload.details : withoutFacts(payload.details));
  const format = formatOf(effects);
  return { ...record, payload: JSON.stringify({ ...payload, format, effects, details }) };
}

/** Whether what an effect left is what stands at the floor. */
export function stands(
  { standing }: Pick<BaselineFacts, "standing">,
  sequence: number,
  { op, scope, key }: StoredEffect,
): boolean {
  if (op === "delete" || op === "unprotect") return false;
  return (standing[sequence] ?? []).some(([ofScope, ofKey]) => ofScope === scope && ofKey === key);
}

/**
 * Proves what of a baseline is the context's own: a digest over its events as {@link standingRecord} gives them, in
 * order. Erasing keeps it.
 */
export function baselineDigest(
  records: readonly EventRecord[],
  { after }: Pick<BaselineFacts, "after">,
  digest: Seal["digest"],
): string {
  return records
    .filter(({ sequence }) => sequence > after)
    .reduce((before, record) => {
      const payload = parsePayload(record.payload, { context: "", sequence: record.sequence });
      const digests = digestsOf(payload, digest);
      return chainHash({ ...payload, previousHash: before + record.hash, header: record, digests }, digest);
    }, "");
}

/** A baseline event with whole values in the place of changes; `valueOf` gives the text of an effect's value. */
export function wholeRecord(
  record: EventRecord,
  valueOf: (effect: StoredEffect) => string | undefined,
): EventRecord {
  const payload = parsePayload(record.payload, { context: "", sequence: record.sequence });
  const effects = payload.effects.map((effect): StoredEffect => {
    const text = patchIn(effect) === undefined ? undefined : valueOf(effect);
    if (text === undefined) return effect;
    const { scope, key, salt } = effect;
    const value: unknown = JSON.parse(text);
    return { op: "set", scope, key, value, ...(salt !== undefined && { salt }) };
  });
  return { ...record, payload: JSON.stringify({ ...payload, format: formatOf(effects), effects }) };
}

/** The events of a baseline in which something was erased. */
export function erasedIn(records: readonly EventRecord[]): number[] {
  return records
    .filter(({ payload, sequence }) =>
      parsePayload(payload, { context: "", sequence }).effects.some(
        // An ephemeral value goes when its key is cleared, which its own event tells of.
        (effect) => effect.scope !== "ephemeral" && erasedDigest(effect) !== undefined,
      ),
    )
    .map(({ sequence }) => sequence);
}

/**
 * The state at a floor, made of the events of its baseline; undefined where they do not set what they are to.
 * @throws {ContextError} EVENT_UNREADABLE, CLASS_UNKNOWN
 */
export function baselineState(
  records: readonly EventRecord[],
  { standing }: BaselineFacts,
  codec: Codec,
  context: string,
): State | undefined {
  const floor = records.at(-1);
  if (floor === undefined) return undefined;
  const found: PlacedEntry[] = [];
  for (const record of records) {
    const created = new Map(
      (standing[record.sequence] ?? []).map(([scope, key, order]) => [placeName({ scope, key }), order]),
    );
    const place = { context, sequence: record.sequence };
    for (const effect of decodeEffects(parsePayload(record.payload, place), codec, place, nothingBefore)) {
      const at = placeName(effect);
      const value = leftBy(effect);
      const order = created.get(at);
      if (value === undefined || order === undefined) continue;
      created.delete(at);
      found.push({ scope: effect.scope, key: effect.key, entry: placedEntry(value, record, order) });
    }
    if (created.size > 0) return undefined;
  }
  return stateOfEntries(
    floor,
    found.sort((a, b) => a.entry.created - b.entry.created),
  );
}

/** In a baseline, every value stands whole. */
const nothingBefore = () => undefined;

function leftBy(effect: Effect): EntryValue | undefined {
  if (effect.op === "protect") return markEntry;
  if (effect.op !== "set" && effect.op !== "patch") return undefined;
  const { value, sharable, bytes } = effect.held;
  return { value, sharable, bytes, chainBytes: 0 };
}
