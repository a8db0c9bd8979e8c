import type { Origin } from "../core/event.js";
import type { Program } from "../program/program.js";
import { inUnit } from "./change.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/**
 * Runs a function whose writes become one transaction: all of them or none. It runs once, inside the write
 * lock, on the fresh state; a batch inside a batch joins it, and is undone alone if it throws.
 */
export function* batch<Result>(site: Site, live: Live, origin: Origin, work: () => Result): Program<Result> {
  return yield* inUnit(
    site,
    origin,
    function* (unit) {
      yield* unit.join(live);
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
