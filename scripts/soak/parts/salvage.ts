import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Part, Row, Setting } from "../part.js";
import { createRandom } from "../random.js";
import { SalvageTrials, type Trial } from "../salvage-trial.js";

const trials = { pick: 5, short: 12, long: 180 };

/** Damages copies of a store in many ways, salvages them, and holds the result to what there was. */
export const salvage: Part = {
  name: "salvage",
  lacking: () => undefined,
  async *run(setting) {
    yield* salvageMany(setting, "database and log", { log: false });
    yield* salvageMany(setting, "log", { log: true });
  },
};

/** Gives what the salvage did, and, as the control, what SQLite alone still reads. */
async function* salvageMany(
  { programme, random, folder }: Setting,
  where: string,
  options: { readonly log: boolean },
): AsyncGenerator<Row> {
  const bench = new SalvageTrials(join(folder, where), options);
  const results: (Trial & { readonly seed: number })[] = [];
  while (results.length < trials[programme]) {
    const seed = random.seed();
    results.push({ seed, ...bench.run(createRandom(seed)) });
    // A signal is heard between two trials.
    await setImmediate();
  }
  const total = (count: (trial: Trial) => number) => results.reduce((sum, trial) => sum + count(trial), 0);
  const events = total((trial) => trial.events);
  const counted = { trials: results.length, unit: "salvages" };
  yield {
    what: `salvage after damage to the ${where}`,
    ...counted,
    lost: total(({ lost }) => lost),
    undetected: total(({ undetected }) => undetected),
    failures: results.flatMap(({ seed, failures }) => failures.map((one) => `trial ${seed}: ${one}`)),
    note: `recovered ${total(({ recovered }) => recovered)} of ${events} events`,
  };
  yield {
    what: `the same read by SQLite alone (${where})`,
    ...counted,
    lost: total(({ events, readable }) => events - readable),
    undetected: 0,
    failures: [],
    isControl: true,
  };
}
