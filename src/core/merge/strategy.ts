import type { Json } from "../event.js";
import type { KeyMap } from "../key-map.js";
import type { Entry, State } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Held, Taken } from "../value/codec.js";

/** Why a merge left a key alone: it is protected, or it was there already and the strategy only adds. */
export type SkipReason = "protected" | "exists";
export interface Skipped {
  readonly key: string;
  readonly why: SkipReason;
}

/** What is offered to a merge. Names in `offered` are full ones: the prefix is already on them. */
export interface Offer {
  readonly offered: ReadonlyMap<string, Taken>;
  /** Keys that the other side removed. */
  readonly removed: readonly string[];
  /** The persistent values that both sides started from; `undefined` where nobody knows. */
  readonly base: ReadonlyMap<string, Held> | KeyMap<Entry> | undefined;
}

/** What a strategy decides: keys to write and to delete, those it skipped, those it cannot settle. */
export interface MergePlan {
  readonly written: ReadonlyMap<string, Taken>;
  readonly deleted: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly conflicts: readonly string[];
}

/** One way of merging; what it needs and how it names keys is its own to say. */
export interface MergeStrategy {
  readonly name: string;
  /** Checks what the caller gave beside the values, before anything else is looked at. */
  readonly check: (options: { readonly prefix: string | undefined; readonly hasBase: boolean }) => void;
  /** The full name under which an offered key would be written. */
  readonly rename: (key: string, prefix: string | undefined) => string;
  /** Whether it takes the other side's whole state, or only what that side changed. */
  readonly takes: "all" | "changes";
  /** Whether it has to know the state that both sides started from. */
  readonly needsBase: boolean;
  readonly plan: (state: State, offer: Offer) => MergePlan;
}

/** Sorts offered keys into written and skipped, by what the strategy says of a key that is there already. */
export function sortOffered(
  state: State,
  offered: ReadonlyMap<string, Taken>,
  ifPresent: "keep" | "overwrite",
): Pick<MergePlan, "written" | "skipped"> {
  const written = new Map<string, Taken>();
  const skipped: Skipped[] = [];
  for (const [key, taken] of offered) {
    const present = state.scopes.persistent.get(key);
    if (present === undefined) written.set(key, taken);
    else if (state.scopes.protection.has(key)) skipped.push({ key, why: "protected" });
    else if (equalValues(present.value, taken.value)) continue;
    else if (ifPresent === "keep") skipped.push({ key, why: "exists" });
    else written.set(key, taken);
  }
  return { written, skipped };
}

/** Facts of a merge as its event tells them. */
export function mergeDetails(
  plan: MergePlan,
  strategy: string,
  prefix: string | undefined,
): Record<string, Json> {
  return {
    strategy,
    prefix: prefix ?? null,
    keys: [...plan.written.keys()],
    keysMerged: plan.written.size,
    skipped: plan.skipped.map(({ key, why }) => ({ key, why })),
  };
}
