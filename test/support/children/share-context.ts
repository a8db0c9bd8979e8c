import { openStore } from "../../../src/index.js";

/**
 * Opens the store that the first argument names, making it if need be, and writes to the context "shared"
 * as often as the third says: a counter that all share, and keys under the name of the second.
 */
const [path = "", name = "", times = "0"] = process.argv.slice(2);
const store = openStore(path, { durability: "normal", actor: name });
const context = store.context<Record<string, number>>("shared", { initial: { count: 0 } });
for (let time = 1; time <= Number(times); time += 1) {
  context.edit("count", (count) => count + 1);
  context.batch(() => {
    context.set(`${name}.a`, time);
    context.set(`${name}.b`, time);
  });
}
store.close();
