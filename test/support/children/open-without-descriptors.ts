import { closeSync, openSync } from "node:fs";
import { isContextError, openStore } from "../../../src/index.js";

/**
 * Takes all file descriptors that it may have, gives so many back as the second argument says, works on the store
 * that the first names, and says what came of it; then gives back the rest and says what came of it again.
 */
const [path = "", spare = "0"] = process.argv.slice(2);
// What is needed is loaded before there is nothing left.
openStore(`${path}.other`).close();
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  for (const descriptor of taken.splice(0, Number(spare))) closeSync(descriptor);
}
const first = work(1);
for (const descriptor of taken) closeSync(descriptor);
process.stdout.write(`${first} ${work(2)}\n`);

function work(value: number): string {
  try {
    using store = openStore(path);
    store.context("run").set("a", value);
    return "written";
  } catch (error) {
    return isContextError(error) ? error.code : String(error);
  }
}
