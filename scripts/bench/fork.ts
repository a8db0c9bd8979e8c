import { join } from "node:path";
import { openStore } from "durable-context";
import { inFolder } from "./folder.js";
import { contextId, copyStore, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { ratio, type Table, withinMs } from "./table.js";

const sizes = [10_000, 1_000_000];
const forks = 40;
const goalMs = 20;
const goalBytes = 2 ** 16;

/** A new context that begins as another one was at a version. */
export async function fork(): Promise<Table> {
  const files = await Promise.all(sizes.map(storeOfEvents));
  const measured = files.map(forkOften);
  const growth = (measured[1]?.ms ?? NaN) / (measured[0]?.ms ?? NaN);
  return {
    title: "fork: a context of 200 keys, from versions of all its history",
    columns: ["events", "ms", "slowest", "bytes a fork", "of values", "bytes beside them", "growth"],
    rows: measured.map(({ ms, slowest, bytes, valueBytes }, place) => [
      (sizes[place] ?? 0).toLocaleString("en"),
      withinMs(ms, goalMs),
      slowest.toFixed(2),
      bytes.toLocaleString("en"),
      valueBytes.toLocaleString("en"),
      within(bytes - valueBytes, goalBytes),
      place === 0 ? "" : ratio(growth, 2),
    ]),
  };
}

/** Forks in a copy of a store, which goes at the end. */
function forkOften(original: string): { ms: number; slowest: number; bytes: number; valueBytes: number } {
  return inFolder((folder) => {
    const file = join(folder, "fork.db");
    copyStore(original, file);
    using store = openStore(file);
    const context = store.context(contextId);
    const valueBytes = context.stats().persistentBytes;
    const before = store.stats().bytes;
    const times = Array.from({ length: forks }, (_, count) => {
      const at = 400 + Math.floor(((count * 0.6180339887) % 1) * (context.version - 400));
      return timeOf(() => {
        if (context.fork(`fork-${count}`, { at }).keys().length < 200) throw new Error("A key is missing.");
      });
    }).slice(forks / 10);
    const bytes = Math.round((store.stats().bytes - before) / forks);
    return { ms: median(times), slowest: Math.max(...times), bytes, valueBytes };
  });
}

function within(bytes: number, goal: number): string {
  return `${bytes.toLocaleString("en")} of ${goal.toLocaleString("en")}${bytes <= goal ? "" : " MISSED"}`;
}
