import { join } from "node:path";
import { openStore } from "durable-context";
import { inFolder } from "./folder.js";
import { medianTimeOf } from "./measure.js";
import { perSecond, type Table } from "./table.js";

const reads = 2_000_000;
const wantedPerSecond = 10_000_000;

/** Reads of the present state, which never touch the disk. */
export function get(): Table {
  return inFolder((folder) => {
    using store = openStore(join(folder, "get.db"));
    const context = store.context("run-42");
    const names = Array.from({ length: 200 }, (_, place) => `key_${place}`);
    context.batch(() => {
      for (const name of names) context.set(name, { name, done: false });
    });
    const { data } = context;
    const row = (name: string, read: (key: string) => unknown) => {
      const ms = medianTimeOf(5, () => readAll(names, read));
      const isMet = reads / ms >= wantedPerSecond / 1000;
      return [name, perSecond(ms, reads), isMet ? "met" : "MISSED"];
    };
    return {
      title: "get: reads of the present state, 200 keys",
      columns: ["", "reads/s", `over ${wantedPerSecond.toLocaleString("en")}`],
      rows: [
        row("ctx.get(key)", (key) => context.get(key)),
        row("ctx.has(key)", (key) => context.has(key)),
        row("ctx.data[key]", (key) => data[key]),
      ],
    };
  });
}

function readAll(names: readonly string[], read: (key: string) => unknown): void {
  let found = 0;
  for (let count = 0; count < reads;) {
    for (const name of names) {
      if (read(name) !== undefined) found++;
      count++;
    }
  }
  if (found < reads) throw new Error("A key had no value.");
}
