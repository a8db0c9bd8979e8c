import { formatPoint, type Point } from "../core/address.js";
import { type Merging, mergeKeys } from "../core/commands/merge.js";
import type { Written } from "../core/commands/update.js";
import type { Program } from "../program/program.js";
import { type Intent, inUnit, performAsked } from "./change.js";
import { locate, valuesAt } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** A merge as asked; `base` names the state that both sides started from. */
export interface MergeRequest extends Omit<Merging, "base"> {
  readonly base: Point | undefined;
}

/** Merges values into the persistent keys, by a strategy. */
export function* merge(
  site: Site,
  live: Live,
  { base, ...offer }: MergeRequest,
  intent: Intent,
): Program<Written> {
  const { asked } = mergeKeys({ ...offer, base: undefined });
  return yield* inUnit(site, intent.origin, (unit) =>
    performAsked(site, unit, live, {
      asked: () => [...asked(), base === undefined ? null : formatPoint(base)],
      intent,
      *prepare() {
        if (base === undefined) return mergeKeys({ ...offer, base }).decide;
        const state = yield* unit.join(live);
        yield* unit.flush();
        const { sequence } = yield* locate(unit.log, live, state, base);
        const values = yield* valuesAt(site, unit.log, live, { scope: "persistent", sequence });
        return mergeKeys({ ...offer, base: values }).decide;
      },
    }),
  );
}
