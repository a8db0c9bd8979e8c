import { lackingShim } from "../compile-shim.js";
import { acts } from "../kill/acts.js";
import { killActs } from "../kill/kills-of-acts.js";
import { killAtCalls } from "../kill/kills-at-calls.js";
import { pruning } from "../kill/pruning.js";
import { killAtRandom } from "../kill/random-kills.js";
import type { Part } from "../part.js";

/** How often each is done; no number of calls means every one. */
const amounts = {
  pick: {
    alone: 4,
    together: 2,
    calls: 12,
    acts: 1,
    prunings: 3,
    grouped: { alone: 2, together: 1, calls: 6 },
  },
  short: {
    alone: 8,
    together: 3,
    calls: 27,
    acts: 1,
    prunings: 5,
    grouped: { alone: 4, together: 2, calls: 18 },
  },
  long: {
    ...{ alone: 400, together: 80, calls: undefined, acts: 40, prunings: undefined },
    grouped: { alone: 200, together: 40, calls: undefined },
  },
} as const;

/** Kills processes in the midst of their work: nothing that they acknowledged is lost, nothing is half done. */
export const kill: Part = {
  name: "kill",
  lacking: lackingShim,
  async *run(setting) {
    const { alone, together, calls, acts: runs, prunings, grouped } = amounts[setting.programme];
    yield await killAtRandom(setting, { writers: 1, rounds: alone, contexts: ["run"] });
    yield await killAtRandom(setting, { writers: 4, rounds: together, contexts: ["run", "plan"] });
    yield await killAtCalls(setting, calls);
    const what = "kill -9 during what is done to a store as a whole";
    yield await killActs(setting, { what, acts, runs });
    yield await killActs(setting, { what: "kill -9 during a pruning", acts: [pruning], runs: prunings });
    const telling = { durability: "grouped" } as const;
    yield await killAtRandom(setting, { writers: 1, rounds: grouped.alone, contexts: ["run"], ...telling });
    const shared = { writers: 4, contexts: ["run", "plan"], ...telling };
    yield await killAtRandom(setting, { ...shared, rounds: grouped.together });
    yield await killAtCalls(setting, grouped.calls, telling);
  },
};
