import { perSecond, ratio, type Table } from "./table.js";
import { writeRatio } from "./write-ratio.js";

/** One value set and committed at a time. */
export function append(): Table {
  const measured = (["full", "normal"] as const).map((durability) => {
    const events = 200;
    const goal = durability === "full" ? 1.5 : 2.5;
    const times = writeRatio({
      durability,
      rounds: durability === "full" ? 15 : 61,
      events,
      ours: (context, steps) => {
        for (const [key, value] of steps) context.set(key, value);
      },
      raw: (store, rows) => {
        store.appendEach(rows);
      },
    });
    return [
      `ctx.set, durability ${durability}`,
      perSecond(times.ours, events),
      perSecond(times.raw, events),
      ratio(times.ratio, goal),
    ];
  });
  return {
    title: "append: one durable change (an event, a present value, a line of the key index)",
    columns: ["", "events/s", "raw better-sqlite3", "time / raw"],
    rows: measured,
  };
}
