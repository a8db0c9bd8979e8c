import fc from "fast-check";
import type { Part, Programme, Row, Setting } from "../part.js";
import { type GroundName, grounds, openGround } from "../walk/ground.js";
import { anyStep } from "../walk/move.js";
import { Astray, walk } from "../walk/walk.js";

/** How many walks, of how many steps each, and after how many of these everything is compared. */
interface Length {
  readonly walks: number;
  readonly steps: number;
  readonly wholeEvery: number;
}

const lengths: Readonly<Record<Programme, Length>> = {
  pick: { walks: 1, steps: 800, wholeEvery: 400 },
  short: { walks: 1, steps: 2_000, wholeEvery: 1_000 },
  long: { walks: 3, steps: 20_000, wholeEvery: 2_000 },
};

/** Walks through the whole API beside a plain model, on every engine, and compares after every step. */
export const walks: Part = {
  name: "walks",
  lacking: () => undefined,
  async *run(setting) {
    for (const ground of grounds) yield await walkOn(ground, setting);
  },
};

async function walkOn(ground: GroundName, { programme, random, folder }: Setting): Promise<Row> {
  const { walks: count, steps, wholeEvery } = lengths[programme];
  const failures: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const seed = random.seed() | 0;
    try {
      await walk(fc.sample(anyStep, { seed, numRuns: steps }), {
        open: () => openGround(ground, folder),
        folder,
        wholeEvery,
      });
    } catch (error) {
      if (!(error instanceof Astray)) throw error;
      failures.push(`seed ${seed} of ${steps} steps, ${error.message}`);
    }
  }
  return {
    what: `walks beside a model, ${ground}`,
    trials: count * steps,
    unit: "steps",
    lost: 0,
    // A step after which the store is not what the model says is a wrong answer.
    undetected: failures.length,
    failures,
  };
}
