import { z } from "zod";
import type { DraftEffect, EventRecord } from "./event.js";
import type { Codec } from "./value/codec.js";
import { erasedDigest, type StoredEffect, type StoredPayload } from "./payload.js";
import { creationOrder, effectsPerEvent } from "./state.js";

/** What an erasure covers: of each event, by its number, which of its effects. */
export type Covered = Readonly<Record<string, readonly number[]>>;

const erasureDetails = z.looseObject({
  erased: z.record(z.string().regex(/^[1-9]\d*$/), z.array(z.int().nonnegative())),
});

const forkDetails = z.looseObject({ covered: erasureDetails.shape.erased });

/**
 * The key, in the scope of its own, that every event sets which tells of erasures: so they are found by the index
 * of keys, however long the history is.
 */
export const erasureKey = "values";

/** The effect that marks an event as one that tells of erasures. */
export function erasureMark(codec: Codec): DraftEffect {
  return { op: "set", scope: "erasure", key: erasureKey, held: codec.record(true, erasureKey) };
}

/** The effects that an event says were erased; undefined if it tells of none. */
export function coveredBy(
  { type }: Pick<EventRecord, "type">,
  { details }: StoredPayload,
): Covered | undefined {
  if (type === "values_erased") return erasureDetails.safeParse(details).data?.erased;
  if (type === "context_forked") return forkDetails.safeParse(details).data?.covered;
  return undefined;
}

const pruningDetails = z.looseObject({
  floor: z.int().positive(),
  baseline: z.string().regex(/^[0-9a-f]{64}$/),
  erased: z.array(z.int().positive()).default([]),
});

/** What an event of this type says of the pruning; undefined where it says nothing that could be read. */
export function prunedBy({
  details,
}: Pick<StoredPayload, "details">): z.infer<typeof pruningDetails> | undefined {
  return pruningDetails.safeParse(details).data;
}

/**
 * The ephemeral keys that an event cleared or deleted. It covers all values that they had on its chain: these are
 * erased with it, or, by a release that did not, stay.
 */
export function endedKeys(
  { type }: Pick<EventRecord, "type">,
  effects: readonly Pick<StoredEffect, "op" | "scope" | "key">[],
): readonly string[] {
  if (type !== "ephemeral_cleared" && type !== "value_deleted") return [];
  return effects.filter(({ op, scope }) => op === "delete" && scope === "ephemeral").map(({ key }) => key);
}

/** Which effects hold values that the ends of ephemeral keys cover. */
export function endedValues(
  { effects }: StoredPayload,
  isEnded: (key: string) => boolean,
): readonly number[] {
  return effects.flatMap((effect, index) => {
    const isValue = effect.scope === "ephemeral" && effect.op !== "delete" && isEnded(effect.key);
    return isValue && erasedDigest(effect) === undefined ? [index] : [];
  });
}

/**
 * Keeps account of a chain, event by event, from the oldest on: what was erased must be covered by a later event
 * of the chain, which is hashed, and what an event names as erased must be.
 */
export class Erasures {
  readonly #after: number;
  /** Places of values that are erased and not covered yet: of ephemeral keys by the key, and all others. */
  readonly #ephemeral = new Map<string, Set<number>>();
  readonly #open = new Set<number>();
  /** Those that a fork left behind: how they went is its parent's affair, but erasures may still name them. */
  readonly #left = new Set<number>();
  #isBaselineTold = false;
  readonly #openBelow: Set<number>;
  readonly #faults: ErasureFault[] = [];

  /**
   * Counts events behind `after`; what comes before them belongs to an ancestor, or was pruned. Of a baseline, the
   * events in which something is erased.
   */
  constructor(after: number, erasedBelow: readonly number[] = []) {
    this.#after = after;
    this.#openBelow = new Set(erasedBelow);
  }

  note(event: Pick<EventRecord, "sequence" | "type">, payload: StoredPayload): void {
    const { sequence, type } = event;
    const pruned = type === "history_pruned" ? prunedBy(payload) : undefined;
    if (pruned?.floor === this.#after) {
      this.#isBaselineTold = true;
      for (const erased of pruned.erased) this.#openBelow.delete(erased);
    }
    payload.effects.forEach((effect, index) => {
      if (erasedDigest(effect) !== undefined) this.#placesOf(effect).add(placeOf(sequence, index));
    });
    for (const [erased, effects] of Object.entries(coveredBy(event, payload) ?? {})) {
      if (Number(erased) <= this.#after) {
        this.#openBelow.delete(Number(erased));
        continue;
      }
      const isErased = effects.every((index) => this.#take(placeOf(Number(erased), index)));
      if (!isErased)
        this.#faults.push({ sequence, why: `it says that event #${erased} was erased, which it was not` });
    }
    for (const key of endedKeys(event, payload.effects)) this.#ephemeral.delete(key);
    if (type === "context_forked") this.#leaveEphemeral();
  }

  /** What is erased, and not covered by any event so far. */
  get open(): Covered {
    const covered = new Map<number, number[]>();
    const places = [this.#open, ...this.#ephemeral.values()].flatMap((set) => [...set]);
    for (const place of places.sort((a, b) => a - b)) {
      const { sequence, index } = readPlace(place);
      covered.set(sequence, [...(covered.get(sequence) ?? []), index]);
    }
    return Object.fromEntries(covered);
  }

  /** What is wrong, once all events were noted. */
  get faults(): readonly ErasureFault[] {
    // Where no event tells of the pruning, the baseline was taken over as it was.
    const below = this.#isBaselineTold ? [...this.#openBelow] : [];
    const uncovered = [...below, ...Object.keys(this.open).map(Number)].map((sequence) => ({
      sequence,
      why: "a value of it was erased, and no event tells of that",
    }));
    return [...this.#faults, ...uncovered];
  }

  #placesOf({ scope, key }: StoredEffect): Set<number> {
    if (scope !== "ephemeral") return this.#open;
    const places = this.#ephemeral.get(key) ?? new Set<number>();
    this.#ephemeral.set(key, places);
    return places;
  }

  #take(place: number): boolean {
    if (this.#open.delete(place) || this.#left.delete(place)) return true;
    return [...this.#ephemeral.values()].some((places) => places.delete(place));
  }

  #leaveEphemeral(): void {
    for (const places of this.#ephemeral.values()) for (const place of places) this.#left.add(place);
    this.#ephemeral.clear();
  }
}

export interface ErasureFault {
  readonly sequence: number;
  readonly why: string;
}

/** An effect's place in a chain, as one number: a chain may have millions of them. */
const placeOf = creationOrder;

function readPlace(place: number): { readonly sequence: number; readonly index: number } {
  const index = place % effectsPerEvent;
  return { sequence: (place - index) / effectsPerEvent, index };
}
