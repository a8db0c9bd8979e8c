import { writeSync } from "node:fs";
import { DurableContextStore } from "../../../src/adapters/langgraph/index.js";
import { openStore } from "../../../src/index.js";

/**
 * Puts items into the namespaces "shared" and "own" of the store that the first argument names, two in each batch,
 * and says after each batch which one it was; it ends only when it is killed.
 */
const [path = ""] = process.argv.slice(2);
const memory = new DurableContextStore(openStore(path));

for (let round = 0; ; round += 1) {
  await memory.batch([
    { namespace: ["shared"], key: `child ${round}`, value: { round } },
    { namespace: ["own"], key: "round", value: { round } },
  ]);
  writeSync(1, `${round}\n`);
}
