import { coveredBy } from "../../core/erasures.js";
import type { EventRecord } from "../../core/event.js";
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

  constructor({ host }: Workplace, candidates: Candidates, chains: Chains) {
    this.#digest = host.digest;
    for (const context of candidates.contexts) {
      const places: Places = new Map();
      for (const { record } of candidates.of(context)) noteErased(record, places);
      this.#note(chains.get(context), context, places);
    }
  }

  /** An event without the values that were erased; its hash stays. */
  erase(context: number, record: EventRecord): EventRecord {
    const effects = this.#byContext.get(context)?.get(record.sequence);
    const payload = effects && readPayload(record);
    if (effects === undefined || payload === undefined) return record;
    const left = [...effects].filter((index) => {
      const effect = payload.effects[index];
      return effect !== undefined && erasedDigest(effect) === undefined;
    });
    if (left.length === 0) return record;
    return { ...record, payload: erasePayload(payload, new Set(left), this.#digest) };
  }

  /** Whether anything of an event was erased. */
  touches(context: number, sequence: number): boolean {
    return this.#byContext.get(context)?.has(sequence) === true;
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

function noteErased(record: EventRecord, places: Places): void {
  if (record.type !== "values_erased" && record.type !== "context_forked") return;
  const payload = readPayload(record);
  if (payload === undefined) return;
  for (const [sequence, effects] of Object.entries(coveredBy(record, payload) ?? {}))
    addTo(places, Number(sequence), effects);
}

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
