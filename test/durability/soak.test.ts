import { describe, expect, it } from "vitest";
import { holds } from "../../scripts/soak/part.js";
import { parts } from "../../scripts/soak/parts.js";
import { runPart } from "../../scripts/soak/run-part.js";

/** Another day's seed is for the longer programmes; what fails here has to fail again. */
const seed = 20_261_127;

describe("a minute's pick of the durability programme", () => {
  it.each(parts)("holds: $name", async (part) => {
    const broken = [];
    const reason = part.lacking();
    if (reason !== undefined) {
      console.log(`SKIPPED ${part.name}: ${reason}`);
      return;
    }

    for await (const row of runPart(part, "pick", seed)) if (!holds(row)) broken.push(row);

    expect(broken).toEqual([]);
  });
});
