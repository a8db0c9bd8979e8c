import { z } from "zod";
import { chainHash } from "./chain.js";
import { coveredBy, prunedBy } from "./erasures.js";
import { type EventRecord, movesVersion, placeName, type Scope, versionedTypes } from "./event.js";
import { isJson } from "./is-json.js";
import { checkId, checkKey } from "./names.js";
import { digestsOf, erasedDigest, type Seal, type StoredEffect, type StoredPayload } from "./payload.js";
import type { State } from "./state.js";

/**
 * What is wrong with an event as the next one of a chain, if anything: its place, its hash, and whatever
 * no release of ours would have recorded, since a hash alone can be computed by anyone.
 * @throws {ContextError} KEY_INVALID, ID_INVALID
 */
export function linkFault(
  before: State,
  record: EventRecord,
  payload: StoredPayload,
  digest: Seal["digest"],
): string | undefined {
  return (
    numberFault(before, record) ??
    placeFault(before, record, payload) ??
    hashFault(before, record, payload, digest) ??
    effectsFault(payload.effects) ??
    phaseFault(record, payload) ??
    erasureFault(record, payload) ??
    pruningFault(record, payload) ??
    receiptFault(payload)
  );
}

function placeFault(before: State, record: EventRecord, { effects }: StoredPayload): string | undefined {
  const { sequence, version, recordedAt } = record;
  if ((sequence === 1) !== (record.type === "context_created"))
    return "a context is created by its first event, and by no other";
  if (!versionedTypes.has(record.type)) {
    // The first event makes version 0, whatever data it brings.
    const expected = sequence === 1 ? 0 : before.version + (effects.some(movesVersion) ? 1 : 0);
    if (version !== expected) return `version ${expected} was expected, not ${version}`;
  } else if (version < before.version) return `version ${version} comes after version ${before.version}`;
  return recordedAt < before.recordedAt ? "it was recorded before the event that it follows" : undefined;
}

/** What is wrong with an event as the next one of a chain of hashes, whatever it says. */
export function chainFault(
  before: Pick<State, "sequence" | "hash">,
  record: EventRecord,
  payload: StoredPayload,
  digest: Seal["digest"],
): string | undefined {
  return numberFault(before, record) ?? hashFault(before, record, payload, digest);
}

function numberFault(before: Pick<State, "sequence">, { sequence }: EventRecord): string | undefined {
  if (sequence === before.sequence + 1) return undefined;
  return `event #${before.sequence + 1} was expected, not #${sequence}`;
}

function hashFault(
  before: Pick<State, "hash">,
  record: EventRecord,
  payload: StoredPayload,
  digest: Seal["digest"],
): string | undefined {
  const { format, effects, details } = payload;
  const digests = digestsOf(payload, digest);
  const link = { previousHash: before.hash, format, header: record, effects, digests, details };
  const hash = chainHash(link, digest);
  return hash === record.hash ? undefined : "its hash does not fit its content";
}

/** Scopes whose keys are names that a caller gave. */
const namedScopes: readonly Scope[] = ["persistent", "ephemeral", "protection", "metadata"];

function effectsFault(effects: readonly StoredEffect[]): string | undefined {
  const seen = new Set<string>();
  for (const effect of effects) {
    const { scope, key } = effect;
    const place = placeName(effect);
    if (seen.has(place)) return `it changes a key of the scope "${scope}" twice`;
    seen.add(place);
    if (namedScopes.includes(scope)) checkKey(key);
    const fault = valueFault(effect);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const snapshotValue = z.looseObject({ reason: z.string(), metadata: z.looseObject({}) });

/** Values that the store reads itself have a form of their own. */
function valueFault(effect: StoredEffect): string | undefined {
  const { op, scope, key, value } = effect;
  if ((op === "set" || op === "patch") && effect.salt === undefined && erasedDigest(effect) === undefined)
    return "a value in it has no salt";
  if (scope === "context") {
    if (op !== "set" || key !== "name" || typeof value !== "string")
      return "of a context itself, nothing is kept but its name";
    checkId(value);
  }
  if (scope === "snapshot" && op === "set" && !snapshotValue.safeParse(value).success)
    return "it sets a snapshot that is none";
  return undefined;
}

const phaseDetails = z.looseObject({ phase: z.string(), name: z.string(), once: z.string().nullable() });

function phaseFault({ type }: EventRecord, { details }: StoredPayload): string | undefined {
  if (!type.startsWith("phase_") || phaseDetails.safeParse(details).success) return undefined;
  return "it does not tell which phase it is of";
}

function erasureFault({ type }: EventRecord, payload: StoredPayload): string | undefined {
  if (type !== "values_erased" || coveredBy({ type }, payload) !== undefined) return undefined;
  return "it does not tell what was erased";
}

function pruningFault({ type, sequence }: EventRecord, payload: StoredPayload): string | undefined {
  if (type !== "history_pruned") return undefined;
  const floor = prunedBy(payload)?.floor;
  return floor === undefined || floor >= sequence ? "it does not tell what was pruned" : undefined;
}

const receiptDetails = z.strictObject({ command: z.string(), outcome: z.string().nullable() });

function receiptFault({ details }: StoredPayload): string | undefined {
  if (details.receipt === undefined) return undefined;
  const receipt = receiptDetails.safeParse(details.receipt);
  if (!receipt.success) return "its receipt is none";
  return isJson(receipt.data.outcome ?? "null") ? undefined : "the outcome in its receipt is not JSON";
}
