import type { MergeStrategy } from "./merge/strategy.js";
import type { Held, Taken } from "./value/codec.js";

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

/** What a strategy is offered of a phase's work: the changes, or the whole copy as it stands after them. */
export function offerOf(
  strategy: MergeStrategy,
  prefix: string | undefined,
  { changed, removed, base }: PhaseChanges,
  take: (held: Held, key: string) => Taken,
): { readonly offered: ReadonlyMap<string, Taken>; readonly removed: readonly string[] } {
  const gone = new Set(removed);
  const kept =
    strategy.takes === "all" ? [...base].filter(([key]) => !gone.has(key) && !changed.has(key)) : [];
  const whole = [...kept.map(([key, held]) => [key, take(held, key)] as const), ...changed];
  return { offered: new Map(whole.map(([key, taken]) => [strategy.rename(key, prefix), taken])), removed };
}
