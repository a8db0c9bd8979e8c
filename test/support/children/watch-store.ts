import { openStore, type WatchedEvent } from "../../../src/index.js";

/**
 * Watches the store that the first argument names from the position that the second gives, until it sees
 * the key "end"; says first that it is ready, and at its end what it has seen.
 */
const [path = "", from = "0"] = process.argv.slice(2);
const store = openStore(path);
const seen: Pick<WatchedEvent, "position" | "context" | "sequence">[] = [];
const watcher = store.watch({ from: Number(from), pollMs: 5 });
process.stdout.write("ready\n");
for await (const { position, context, sequence, effects } of watcher) {
  if (effects[0]?.key === "end") break;
  seen.push({ position, context, sequence });
}
store.close();
process.stdout.write(JSON.stringify(seen));
