import { openStore } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { type Table, withinMs } from "./table.js";

const sizes = [10_000, 1_000_000];

/** The state at versions from all of a context's history. */
export async function at(): Promise<Table> {
  const files = await Promise.all(sizes.map(storeOfEvents));
  return {
    title: "at: the whole state at a version, 200 keys, in ms",
    columns: ["events", "median", "slowest of 200"],
    rows: sizes.map((events, place) => {
      using store = openStore(files[place] ?? "");
      const context = store.context(contextId);
      const times = spread(200, context.version).map((version) =>
        timeOf(() => {
          const { data } = context.at(version);
          if (version > 200 && Object.keys(data).length !== 200) throw new Error("A key is missing.");
        }),
      );
      return [
        events.toLocaleString("en"),
        withinMs(median(times), 5),
        Math.max(...times.slice(10)).toFixed(2),
      ];
    }),
  };
}

/** Numbers below a bound in a fixed order without a pattern: multiples of the golden ratio. */
function spread(count: number, bound: number): number[] {
  return Array.from({ length: count }, (_, place) => Math.floor(((place * 0.6180339887) % 1) * bound));
}
