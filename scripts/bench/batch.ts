import { perSecond, ratio, type Table } from "./table.js";
import { writeRatio } from "./write-ratio.js";

const events = 100;

/** A hundred values set in one transaction. */
export function batch(): Table {
  const measured = (["full", "normal"] as const).map((durability) => {
    const times = writeRatio({
      durability,
      rounds: 151,
      events,
      ours: (context, steps) => {
        context.batch(() => {
          for (const [key, value] of steps) context.set(key, value);
        });
      },
      raw: (store, rows) => {
        store.appendTogether(rows);
      },
    });
    return [
      `ctx.batch of ${events}, durability ${durability}`,
      perSecond(times.ours, events),
      perSecond(times.raw, events),
      ratio(times.ratio, 2),
    ];
  });
  return {
    title: `batch: ${events} changes in one transaction`,
    columns: ["", "events/s", "raw better-sqlite3", "time / raw"],
    rows: measured,
  };
}
