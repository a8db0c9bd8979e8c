import { ContextError } from "../errors.js";
import type { State } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Held, Taken } from "../value/codec.js";
import { type MergeStrategy, type Offer, type Skipped, sortOffered } from "./strategy.js";

/**
 * Merges two lines that started from one base: a key that only the other side changed is taken over, a key
 * that both changed differently is a conflict. Deletions count as changes.
 */
export const threeWay: MergeStrategy = {
  name: "threeWay",
  check: ({ hasBase }) => {
    if (!hasBase) throw new ContextError("BASE_REQUIRED", { strategy: "threeWay" });
  },
  rename: (key) => key,
  takes: "changes",
  needsBase: true,
  plan: (state, offer) => {
    const theirs = new Map([...offer.offered].filter(([key, taken]) => differs(offer.base?.get(key), taken)));
    const removed = offer.removed.filter((key) => state.scopes.persistent.has(key));
    const conflicts = [
      ...[...theirs].filter(([key, taken]) => clashes(state, offer, key, taken)).map(([key]) => key),
      ...removed.filter((key) => clashes(state, offer, key, undefined)),
    ];
    const { written, skipped } = sortOffered(state, theirs, "overwrite");
    const guarded = removed.filter((key) => state.scopes.protection.has(key));
    return {
      written,
      skipped: [...skipped, ...guarded.map((key): Skipped => ({ key, why: "protected" }))],
      deleted: removed.filter((key) => !state.scopes.protection.has(key)),
      conflicts,
    };
  },
};

/** Both sides moved away from the base, and not to the same value. Protected keys are skipped, not fought over. */
function clashes(state: State, { base }: Offer, key: string, theirs: Taken | undefined): boolean {
  const ours = state.scopes.persistent.get(key);
  if (ours !== undefined && state.scopes.protection.has(key)) return false;
  return differs(base?.get(key), ours) && differs(ours, theirs);
}

function differs(a: Held | undefined, b: Held | undefined): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return !equalValues(a.value, b.value);
}
