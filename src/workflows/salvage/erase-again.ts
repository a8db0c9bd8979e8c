import { coveredBy, endedKeys, endedValues } from "../../core/erasures.js";
import type { EventRecord, EventType } from "../../core/event.js";
import { erasedDigest, erasePayload, parsePayload, type StoredPayload } from "../../core/payload.js";
import type { Workplace } from "../workplace.js";
import type { Chains } from "./build-chains.js";
import type { Candidates } from "./candidates.js";
import type { Chain } from "./chain.js";

/** Which effects of which events were erased, by the numbers of the events. */
type Places = Map<number, Set<number>>;

/**
 * Knows what any event that was found, proven or not, says was erased. A page as it was before an erasure may be
 * all that is left of an event; its value must not come back.
 */
export class ErasedPlaces {
  readonly #digest: Workplace["host"]["digest"];
  readonly #byContext = new Map<number, Places>();
  /** Of each context, the ephemeral keys that ended, and the last event that ended them. */
  readonly #ends = new Map<number, ReadonlyMap<string, number>>();

  constructor({ host }: Workplace, candidates: Candidates, chains: Chains) {
    this.#digest = host.digest;
    for (const context of candidates.contexts) {
      const places: Places = new Map();
      const ends = new Map<string, number>();
      for (const { record } of candidates.of(context))
        noteErased(record, chains.get(context), { places, ends });
      this.#ends.set(context, ends);
      this.#note(chains.get(context), context, places);
    }
  }

  /** An event without the values that were erased; its hash stays. */
  erase(context: number, record: EventRecord): EventRecord {
    const payload = this.touches(context, record) ? readPayload(record) : undefined;
    if (payload === undefined) return record;
    const named = this.#byContext.get(context)?.get(record.sequence) ?? [];
    const ended = endedValues(payload, (key) => record.sequence < this.#endOf(context, key));
    const left = [...new Set([...named, ...ended])].filter((index) => {
      const effect = payload.effects[index];
      return effect !== undefined && erasedDigest(effect) === undefined;
    });
    if (left.length === 0) return record;
    return { ...record, payload: erasePayload(payload, new Set(left), this.#digest) };
  }

  /** Whether anything of an event was erased, or may have been. */
  touches(context: number, { sequence, payload }: EventRecord): boolean {
    if (this.#byContext.get(context)?.has(sequence) === true) return true;
    const ends = [...(this.#ends.get(context)?.values() ?? [])];
    return ends.some((end) => sequence < end) && payload.includes("ephemeral");
  }

  #endOf(context: number, key: string): number {
    return this.#ends.get(context)?.get(key) ?? 0;
  }

  /** What is told of events before a fork belongs to the context that has them. */
  #note(chain: Chain | undefined, context: number, places: Places): void {
    const own = this.#byContext.get(context) ?? new Map<number, Set<number>>();
    this.#byContext.set(context, own);
    const inherited: Places = new Map();
    for (const [sequence, effects] of places)
      addTo(sequence > (chain?.after ?? 0) ? own : inherited, sequence, effects);
    if (chain?.base !== undefined && inherited.size > 0)
      this.#note(chain.base.chain, chain.base.chain.context, inherited);
  }
}

function noteErased(
  record: EventRecord,
  chain: Chain | undefined,
  { places, ends }: { readonly places: Places; readonly ends: Map<string, number> },
): void {
  if (!tellingTypes.has(record.type)) return;
  const payload = readPayload(record);
  if (payload === undefined) return;
  for (const key of endedKeys(record, payload.effects))
    ends.set(key, Math.max(record.sequence, ends.get(key) ?? 0));
  const { floor = 0, prunedAt = 0 } = chain ?? {};
  for (const [sequence, effects] of Object.entries(coveredBy(record, payload) ?? {})) {
    // By the pruning, what stands in an event of the baseline has moved up to other places.
    if (Number(sequence) > floor || record.sequence > prunedAt) addTo(places, Number(sequence), effects);
  }
}

/** The events that may tell of erasures. */
const tellingTypes: ReadonlySet<EventType> = new Set<EventType>([
  "values_erased",
  "context_forked",
  "ephemeral_cleared",
  "value_deleted",
]);

function addTo(places: Places, sequence: number, effects: Iterable<number>): void {
  const known = places.get(sequence) ?? new Set<number>();
  for (const effect of effects) known.add(effect);
  places.set(sequence, known);
}

function readPayload({ payload, sequence }: EventRecord): StoredPayload | undefined {
  try {
    return parsePayload(payload, { context: "", sequence });
  } catch {
    return undefined;
  }
}
