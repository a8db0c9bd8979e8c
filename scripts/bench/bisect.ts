import { openStore } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { type Table, withinMs } from "./table.js";

const sizes = [10_000, 1_000_000];
const rounds = 20;

/** The version at which something turned, looked for in all of a context's history. */
export async function bisect(): Promise<Table> {
  const files = await Promise.all(sizes.map(storeOfEvents));
  return {
    title: "bisect: the version of a turn, 200 keys, batches of 1,000 events, in ms",
    columns: ["events", "median", `slowest of ${rounds}`, "looks"],
    rows: sizes.map((events, place) => {
      using store = openStore(files[place] ?? "");
      const context = store.context(contextId);
      let looks = 0;
      const find = (round: number) => {
        const turn = Math.ceil((context.version * (round + 1)) / (rounds + 1));
        const found = context.bisect(({ version }) => version >= turn);
        if (found === undefined || found.version < turn) throw new Error("It was not found.");
        looks = found.steps;
      };
      find(0);
      const times = Array.from({ length: rounds }, (_, round) => timeOf(() => find(round)));
      return [
        events.toLocaleString("en"),
        withinMs(median(times), 200),
        Math.max(...times).toFixed(1),
        String(looks),
      ];
    }),
  };
}
