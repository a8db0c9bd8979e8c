import type { Point } from "../core/address.js";
import { diffHeld, type HeldValues } from "../core/diff/diff-held.js";
import type { Difference } from "../core/diff/difference.js";
import type { Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import type { KeyChangeRow } from "../projections/rows.js";
import { keysAtIn } from "./line.js";
import { valuesAt, valuesOf, withContext } from "./read-past.js";
import type { Site } from "./site.js";
import { stampAt } from "./view-at.js";
import type { Live } from "./workplace.js";

/** One side of a comparison: a point in the history, or a state that somebody holds. */
export type Side = { readonly point: Point } | { readonly values: HeldValues };

/**
 * Tells how the persistent keys became what they are on one side from what they are on another. Of two points
 * only those keys are read whose last changes differ.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* diff(site: Site, live: Live, from: Side, to: Side): Program<Difference> {
  return yield* withContext(site, live, function* (log, name) {
    if ("point" in from && "point" in to) {
      const before = yield* changesAt(site, log, live, { name, point: from.point });
      const after = yield* changesAt(site, log, live, { name, point: to.point });
      return diffHeld(
        yield* valuesOf(site, log, live, changesBeside(before, after)),
        yield* valuesOf(site, log, live, changesBeside(after, before)),
      );
    }
    const valuesOn = function* (side: Side): Program<HeldValues> {
      if (!("point" in side)) return side.values;
      const { sequence } = yield* stampAt(site, log, live, { name, point: side.point });
      return yield* valuesAt(site, log, live, { scope: "persistent", sequence });
    };
    return diffHeld(yield* valuesOn(from), yield* valuesOn(to));
  });
}

function* changesAt(
  site: Site,
  log: Log,
  live: Live,
  place: { readonly name: string; readonly point: Point },
): Program<readonly KeyChangeRow[]> {
  const { sequence } = yield* stampAt(site, log, live, place);
  return yield* keysAtIn(log, live.line, "persistent", sequence);
}

/** The last changes of keys that were last changed by another event on the other side, if they were there. */
function changesBeside(
  changes: readonly KeyChangeRow[],
  others: readonly KeyChangeRow[],
): readonly KeyChangeRow[] {
  const numbers = new Map(others.map(({ key, sequence }) => [key, sequence]));
  return changes.filter(({ key, sequence }) => numbers.get(key) !== sequence);
}
