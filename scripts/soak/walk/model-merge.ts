import {
  type ContextModel,
  gone,
  type ModelEffect,
  type ModelEntry,
  Refusal,
  same,
} from "./context-model.js";
import type { Strategy } from "./move.js";

/** What came of a verb over many keys, as the library tells it. */
export interface Written {
  readonly written: readonly string[];
  readonly skipped: readonly { readonly key: string; readonly why: string }[];
}
interface Offer {
  /** Under full names. */
  readonly offered: ReadonlyMap<string, unknown>;
  readonly removed: readonly string[];
  readonly base?: ReadonlyMap<string, ModelEntry>;
}
export interface Plan {
  readonly effects: readonly ModelEffect[];
  readonly outcome: Written;
}

/** The prefix of every prefixed merge of a walk. */
export const prefix = "p_";

export function fullName(key: string, strategy: Strategy): string {
  return strategy === "prefixed" ? `${prefix}${key}` : key;
}

/** What a merge has to do, by the rules of its strategy. */
export function planMerge(model: ContextModel, strategy: Strategy, offer: Offer): Plan {
  const { persistent } = model.scopes;
  if (strategy === "threeWay") return planThreeWay(model, offer);
  const { effects, outcome } = sortOffered(model, offer.offered, strategy === "safe" ? "keep" : "overwrite");
  const others =
    strategy !== "replace" ? [] : [...persistent.keys()].filter((key) => !offer.offered.has(key));
  const deleted = others.filter((key) => !model.has("protection", key));
  return { effects: [...deletions(deleted), ...effects], outcome };
}

function planThreeWay(model: ContextModel, { offered, removed, base }: Offer): Plan {
  const baseOf = (key: string) => valueIn(base?.get(key));
  const ours = (key: string) => valueIn(model.scopes.persistent.get(key));
  const clashes = (key: string, theirs: unknown) =>
    !model.isGuarded(key) && !same(baseOf(key), ours(key)) && !same(ours(key), theirs);
  const theirs = new Map([...offered].filter(([key, value]) => !same(baseOf(key), [value])));
  const taken = removed.filter((key) => model.has("persistent", key));
  const isConflict =
    [...theirs].some(([key, value]) => clashes(key, [value])) || taken.some((key) => clashes(key, undefined));
  if (isConflict) throw new Refusal("MERGE_CONFLICT");
  const { effects, outcome } = sortOffered(model, theirs, "overwrite");
  const guarded = taken.filter((key) => model.has("protection", key));
  const deleted = taken.filter((key) => !model.has("protection", key));
  return {
    effects: [...deletions(deleted), ...effects],
    outcome: {
      written: outcome.written,
      skipped: [...outcome.skipped, ...guarded.map((key) => ({ key, why: "protected" }))],
    },
  };
}

/** In a list, so that no value is told apart from every value. */
function valueIn(entry: ModelEntry | undefined): [unknown] | undefined {
  return entry && [entry.value];
}

function sortOffered(
  model: ContextModel,
  offered: ReadonlyMap<string, unknown>,
  ifPresent: "keep" | "overwrite",
): Plan {
  const effects: ModelEffect[] = [];
  const skipped: { key: string; why: string }[] = [];
  for (const [key, value] of offered) {
    const present = model.scopes.persistent.get(key);
    if (present === undefined) effects.push({ scope: "persistent", key, value });
    else if (model.has("protection", key)) skipped.push({ key, why: "protected" });
    else if (same(present.value, value)) continue;
    else if (ifPresent === "keep") skipped.push({ key, why: "exists" });
    else effects.push({ scope: "persistent", key, value });
  }
  return { effects, outcome: { written: effects.map(({ key }) => key), skipped } };
}

export function deletions(
  keys: readonly string[],
  scope: ModelEffect["scope"] = "persistent",
): ModelEffect[] {
  return keys.map((key) => ({ scope, key, value: gone }));
}
