/** Says what the values of a context take in the memory of this fresh process: parsed alone, or in an open context. */
import Database from "better-sqlite3";
import { openStore } from "durable-context";

const [way = "", file = "", texts = ""] = process.argv.slice(2);
const ways: Readonly<Record<string, () => unknown>> = {
  parsed: () => {
    const database = new Database(texts, { readonly: true });
    const rows = database.prepare<[], { key: string; value: string }>("SELECT key, value FROM texts").all();
    database.close();
    return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
  },
  open: () => {
    const store = openStore(file);
    const context = store.context("run-42");
    return { store, context };
  },
  // Each value read once: what is made only when it is asked for is made then.
  read: () => {
    const store = openStore(file);
    const context = store.context("run-42");
    const read = context.keys().map((key) => context.get(key) !== undefined);
    return { store, context, read };
  },
};

// What opening anything at all brings along is not what this context takes.
const warmUp = openStore(file);
warmUp.find("none");
warmUp.close();
const before = heap();
const held = ways[way]?.();
const after = heap();
console.log(JSON.stringify({ bytes: after - before, isHeld: held !== undefined }));

function heap(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
