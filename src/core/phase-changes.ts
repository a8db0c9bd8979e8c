import type { MergeStrategy } from "./merge/strategy.js";
import type { State } from "./state.js";
import { equalValues } from "./value/equal.js";
import type { Taken } from "./value/codec.js";

/** What a phase's work did to its copy, under the keys' own names (no prefix yet). */
export interface PhaseChanges {
  readonly changed: ReadonlyMap<string, Taken>;
  readonly removed: readonly string[];
}

/**
 * Compares the copy that a phase brings back with the state it was taken from. Names that were only
 * ephemeral at the start are left out: coming back does not make them persistent.
 */
export function phaseChanges(base: State, copy: ReadonlyMap<string, Taken>): PhaseChanges {
  const { persistent, ephemeral } = base.scopes;
  const changed = new Map<string, Taken>();
  for (const [key, taken] of copy) {
    const before = persistent.get(key);
    if (before === undefined && ephemeral.has(key)) continue;
    if (before === undefined || !equalValues(before.value, taken.value)) changed.set(key, taken);
  }
  return { changed, removed: [...persistent.keys()].filter((key) => !copy.has(key)) };
}

/** What a strategy is offered of a phase's work: the changes, or the whole copy as it stands after them. */
export function offerOf(
  strategy: MergeStrategy,
  prefix: string | undefined,
  { changed, removed }: PhaseChanges,
  base: ReadonlyMap<string, Taken>,
): { readonly offered: ReadonlyMap<string, Taken>; readonly removed: readonly string[] } {
  const gone = new Set(removed);
  const whole = strategy.takes === "all" ? [...base].filter(([key]) => !gone.has(key)) : [];
  const offered = new Map(
    [...whole, ...changed].map(([key, taken]) => [strategy.rename(key, prefix), taken]),
  );
  return { offered, removed };
}
