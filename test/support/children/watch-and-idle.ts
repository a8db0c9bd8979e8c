import { openStore } from "../../../src/index.js";

/**
 * Watches the store that the first argument names and does nothing else: with a listener, or as an iterator
 * up to the first event, by the second argument.
 */
const [path = "", form = ""] = process.argv.slice(2);
const store = openStore(path);
if (form === "listener") store.watch({}, ({ context }) => process.stdout.write(`${context}\n`));
else {
  void store
    .watch()
    .next()
    .then(({ value }) => {
      process.stdout.write(`${value?.context}\n`);
    });
}
process.stdout.write("ready\n");
