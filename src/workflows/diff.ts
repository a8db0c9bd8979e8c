import type { Point } from "../core/address.js";
import { diffValues } from "../core/diff/diff-values.js";
import type { Difference } from "../core/diff/difference.js";
import type { Held } from "../core/value/codec.js";
import type { Program } from "../program/program.js";
import type { Site } from "./site.js";
import { viewAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/** Tells how the persistent keys became what they were at one point from what they were at another. */
export function* diff(site: Site, live: Live, from: Point, to: Point): Program<Difference> {
  const before = yield* viewAt(site, live, from);
  const after = yield* viewAt(site, live, to);
  return diffValues(recordOf(before.values), recordOf(after.values));
}

/** Values as the codec holds them, since only so can instances of registered classes be compared. */
function recordOf(values: ReadonlyMap<string, Held>): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...values].map(([key, { value }]) => [key, value]));
}
