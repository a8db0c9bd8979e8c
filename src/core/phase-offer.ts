import type { MergeStrategy } from "./merge/strategy.js";
import { checkKey } from "./names.js";
import type { Held, Taken } from "./value/codec.js";
import { ErasedValue } from "./value/erased.js";

/**
 * What a phase's work did to its copy, under the keys' own names (no prefix yet). Names that were only
 * ephemeral at the start are not among them: coming back does not make them persistent.
 */
export interface PhaseChanges {
  readonly changed: ReadonlyMap<string, Taken>;
  readonly removed: readonly string[];
  /** The persistent values the copy was taken from. */
  readonly base: ReadonlyMap<string, Held>;
}

/**
 * What a strategy is offered of a phase's work: the changes, or the whole copy as it stands after them. What was
 * erased since the copy was taken is offered as it is at present.
 * @throws {ContextError} KEY_INVALID, and what `accept` refuses
 */
export function offerOf(
  strategy: MergeStrategy,
  prefix: string | undefined,
  { changed, removed, base }: PhaseChanges,
  { take, accept, present }: OfferBorder,
): { readonly offered: ReadonlyMap<string, Taken>; readonly removed: readonly string[] } {
  const gone = new Set(removed);
  const kept =
    strategy.takes === "all" ? [...base].filter(([key]) => !gone.has(key) && !changed.has(key)) : [];
  const named = (key: string) => checkKey(strategy.rename(key, prefix));
  const offered = new Map<string, Taken>();
  for (const [key, held] of kept) {
    const known = held.value instanceof ErasedValue ? present(key) : held;
    if (known !== undefined) offered.set(named(key), take(known, key));
  }
  for (const [key, taken] of changed) offered.set(named(key), accept(named(key), taken));
  return { offered, removed };
}

/** How values come into an offer: one that was stored before, and one that the work made. */
export interface OfferBorder {
  readonly take: (held: Held, key: string) => Taken;
  /** Checks a value under the full name it would be written to. */
  readonly accept: (fullName: string, taken: Taken) => Taken;
  /** The value that a key has by now. */
  readonly present: (key: string) => Held | undefined;
}
