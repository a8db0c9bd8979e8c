import { z } from "zod";
import type { DraftEffect, EventRecord } from "./event.js";
import type { Codec } from "./value/codec.js";
import { erasedDigest, type StoredPayload } from "./payload.js";

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

/**
 * Keeps account of a chain, event by event, from the oldest on: what was erased must be covered by a later event
 * of the chain, which is hashed, and what an event covers must be erased.
 */
export class Erasures {
  readonly #after: number;
  readonly #open = new Map<string, number>();
  readonly #faults: ErasureFault[] = [];

  /** Counts events behind `after`; what comes before them belongs to an ancestor. */
  constructor(after: number) {
    this.#after = after;
  }

  note({ sequence, type }: Pick<EventRecord, "sequence" | "type">, payload: StoredPayload): void {
    payload.effects.forEach((effect, index) => {
      if (erasedDigest(effect) !== undefined) this.#open.set(`${sequence} ${index}`, sequence);
    });
    for (const [erased, effects] of Object.entries(coveredBy({ type }, payload) ?? {})) {
      if (Number(erased) <= this.#after) continue;
      const isErased = effects.every((index) => this.#open.delete(`${erased} ${index}`));
      if (!isErased)
        this.#faults.push({ sequence, why: `it says that event #${erased} was erased, which it was not` });
    }
  }

  /** What is wrong, once all events were noted. */
  get faults(): readonly ErasureFault[] {
    const uncovered = [...new Set(this.#open.values())].map((sequence) => ({
      sequence,
      why: "a value of it was erased, and no event tells of that",
    }));
    return [...this.#faults, ...uncovered];
  }
}

export interface ErasureFault {
  readonly sequence: number;
  readonly why: string;
}
