import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../scripts/soak/random.js";
import { SalvageTrials } from "../../scripts/soak/salvage-trial.js";
import { temporaryFolder } from "../support/sqlite-files.js";

describe("any damage", () => {
  it.each([false, true])(
    "leaves a salvage with true events only, and with all that SQLite still reads; all in the log: %s",
    { timeout: 120_000 },
    (log) => {
      const trials = new SalvageTrials(temporaryFolder(), { log });

      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const { lost, undetected, failures } = trials.run(createRandom(seed));
          expect({ lost, undetected, failures }).toEqual({ lost: 0, undetected: 0, failures: [] });
        }),
        { numRuns: 15, endOnFailure: true },
      );
    },
  );
});
