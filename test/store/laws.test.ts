import fc from "fast-check";
import { describe, it } from "vitest";
import { grounds, openGround } from "../../scripts/soak/walk/ground.js";
import { anyStep } from "../../scripts/soak/walk/move.js";
import { walk } from "../../scripts/soak/walk/walk.js";
import { temporaryFolder } from "../support/sqlite-files.js";

const steps = fc.array(anyStep, { minLength: 70, maxLength: 100, size: "max" });

describe.each(grounds)("after a random walk over the whole API, on %s", (ground) => {
  it("the store is what a plain model says, after every step, and in all that can be asked of its past", async () => {
    const property = fc.asyncProperty(steps, async (walked) => {
      const folder = temporaryFolder();
      await walk(walked, { open: () => openGround(ground, folder), folder, wholeEvery: 100 });
    });

    // A long walk is shrunk by what it says of the step where it went wrong; trying shorter ones takes minutes.
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  });
});
