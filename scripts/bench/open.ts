import { openStore } from "durable-context";
import { contextId, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import { type Table, withinMs } from "./table.js";

const sizes = [10_000, 1_000_000];

/** Taking up a context where it was left. */
export async function open(): Promise<Table> {
  const files = await Promise.all(sizes.map(storeOfEvents));
  return {
    title: "open: a context with 200 keys, in ms",
    columns: ["events", "open the store", "open the context", "get a value of it"],
    rows: sizes.map((events, place) => {
      const times = medianTimes(files[place] ?? "");
      return [
        events.toLocaleString("en"),
        times.store.toFixed(2),
        withinMs(times.context, 5),
        times.get.toFixed(3),
      ];
    }),
  };
}

function medianTimes(file: string): { store: number; context: number; get: number } {
  const rounds = Array.from({ length: 21 }, () => {
    let store: ReturnType<typeof openStore> | undefined;
    const opened = timeOf(() => (store = openStore(file)));
    const context = timeOf(() => store?.context(contextId));
    const get = timeOf(() => store?.context(contextId).get("plan"));
    store?.close();
    return { store: opened, context, get };
  });
  return {
    store: median(rounds.map(({ store }) => store)),
    context: median(rounds.map(({ context }) => context)),
    get: median(rounds.map(({ get }) => get)),
  };
}
