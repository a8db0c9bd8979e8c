import { writeSync } from "node:fs";
import { openStore } from "../../../src/index.js";

/**
 * Folds the context "run" of the store that the first argument names into a list of its events' numbers, with
 * the cursor "numbers", and says each number when it has come to it. Its clock goes a second at a look, so that
 * the cursor is moved again and again.
 */
const [path = ""] = process.argv.slice(2);
let now = Date.now();
const store = openStore(path, { durability: "normal", now: () => (now += 1_000) });
const found = store.context("run").replayInto<number[]>(
  (numbers, { sequence }) => {
    writeSync(1, `${sequence}\n`);
    return [...numbers, sequence];
  },
  [],
  { cursor: "numbers" },
);
store.close();
writeSync(1, `all ${JSON.stringify(found)}\n`);
