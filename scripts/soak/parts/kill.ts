import { lackingShim } from "../compile-shim.js";
import { killActs } from "../kill/kills-of-acts.js";
import { killAtCalls } from "../kill/kills-at-calls.js";
import { killAtRandom } from "../kill/random-kills.js";
import type { Part } from "../part.js";

/** How often each is done; no number of calls means every one. */
const amounts = {
  pick: { alone: 4, together: 2, calls: 12, acts: 1 },
  short: { alone: 8, together: 3, calls: 27, acts: 1 },
  long: { alone: 400, together: 80, calls: undefined, acts: 40 },
} as const;

/** Kills processes in the midst of their work: nothing that they acknowledged is lost, nothing is half done. */
export const kill: Part = {
  name: "kill",
  lacking: lackingShim,
  async *run(setting) {
    const { alone, together, calls, acts } = amounts[setting.programme];
    yield await killAtRandom(setting, { writers: 1, rounds: alone, contexts: ["run"] });
    yield await killAtRandom(setting, { writers: 4, rounds: together, contexts: ["run", "plan"] });
    yield await killAtCalls(setting, calls);
    yield await killActs(setting, acts);
  },
};
