import type { Held } from "../core/value/codec.js";
import type { Program } from "../program/program.js";
import type { Site } from "../workflows/site.js";
import { viewAt } from "../workflows/view-at.js";
import type { Live } from "../workflows/workplace.js";
import { type Address, pointOf } from "./point.js";
import type { WriteOptions } from "./write-options.js";

/** What may be said beside a merge. */
export interface MergeOptions extends WriteOptions {
  /** Goes before every key; for the strategy `prefixed`. */
  readonly prefix?: string;
  /** The state that both sides started from; for the strategy `threeWay`. */
  readonly base?: Address;
}

/** The values of the state that both sides started from, if one is named. */
export function* baseValues(
  site: Site,
  live: Live,
  base: Address | undefined,
): Program<ReadonlyMap<string, Held> | undefined> {
  if (base === undefined) return undefined;
  return (yield* viewAt(site, live, pointOf(base))).values;
}
