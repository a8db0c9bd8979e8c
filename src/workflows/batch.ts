import type { Program } from "../program/program.js";
import { checkVersion, type Intent, inUnit } from "./change.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/**
 * Runs a function whose writes become one transaction: all of them or none. It runs once, inside the write
 * lock, on the fresh state; a batch inside a batch joins it, and is undone alone if it throws.
 * @throws {ContextError} VERSION_CONFLICT
 */
export function* batch<Result>(site: Site, live: Live, intent: Intent, work: () => Result): Program<Result> {
  return yield* inUnit(
    site,
    intent.origin,
    function* (unit) {
      const state = yield* unit.join(live);
      yield* checkVersion(unit, live, state, intent.expectedVersion);
      const outer = site.unit;
      site.unit = unit;
      try {
        const result = outer === undefined ? work() : unit.attempt(work);
        if (unit.failure !== undefined) throw unit.failure.error;
        return result;
      } finally {
        site.unit = outer;
      }
    },
    site.host.newId(),
  );
}
