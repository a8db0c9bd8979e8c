import { z } from "zod";
import type { EventRecord } from "./event.js";
import { erasedDigest, type StoredPayload } from "./payload.js";

/** What an erasure covers: of each event, by its number, which of its effects. */
export type Covered = Readonly<Record<string, readonly number[]>>;

const erasureDetails = z.looseObject({
  erased: z.record(z.string().regex(/^[1-9]\d*$/), z.array(z.int().nonnegative())),
});

/** The effects that an erasure says were erased; undefined if its details are none. */
export function coveredBy({ details }: StoredPayload): Covered | undefined {
  return erasureDetails.safeParse(details).data?.erased;
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
    if (type !== "values_erased") return;
    for (const [erased, effects] of Object.entries(coveredBy(payload) ?? {})) {
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
