import type { Durability } from "./contestant.js";
import { atLeast, atMost, type Finding } from "./finding.js";
import { medianLap, medianRatio } from "./laps.js";
import { race } from "./race.js";
import { runners } from "./runners.js";
import { sameRowsRatio } from "./same-rows-ratio.js";
import { perSecond, ratio, type Table } from "./table.js";
import { batchSize } from "./works.js";

const { ours, raw, emmett, tinybase, json } = runners;
const warmUps = 60;

/** A hundred values set in one transaction. */
export async function batch(): Promise<Table> {
  const parts = [await batchAt("full"), await batchAt("normal")];
  return {
    title: `batch: ${batchSize} changes in one transaction`,
    columns: ["", "changes/s", "time / raw"],
    rows: parts.flatMap(({ rows }) => rows),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

async function batchAt(durability: Durability): Promise<{ rows: string[][]; findings: Finding[] }> {
  const field = [ours, raw, emmett, tinybase, json];
  const runs = await race({ runners: field, durability, work: "batch", laps: warmUps + 100 });
  const upper = durability.toUpperCase();
  const rows = runs.map(({ name }) => [
    `${name}, ${upper}`,
    perSecond(medianLap(runs, name, warmUps) ?? NaN, batchSize),
    `${medianRatio(runs, { of: name, to: raw.name }, warmUps)?.toFixed(2) ?? ""}x`,
  ]);
  const work = `batch of ${batchSize} at ${upper}`;
  const toRaw = medianRatio(runs, { of: ours.name, to: raw.name }, warmUps);
  const overEmmett = medianRatio(runs, { of: emmett.name, to: ours.name }, warmUps);
  return {
    rows: [...rows, sameRows(durability)],
    findings: [
      ...(toRaw === undefined ? [] : [atMost({ work, value: toRaw, goal: 2, unit: "x raw" })]),
      ...(overEmmett === undefined
        ? []
        : [atLeast({ work, value: overEmmett, goal: 1.5, unit: "x Emmett's speed" })]),
    ],
  };
}

/** Says how much of the time SQLite takes for the rows as they are. */
function sameRows(durability: Durability): string[] {
  const times = sameRowsRatio({
    durability,
    rounds: 151,
    events: batchSize,
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
    `better-sqlite3, all the library's rows, ${durability.toUpperCase()}`,
    perSecond(times.raw, batchSize),
    `ours is ${ratio(times.ratio, 2)} this`,
  ];
}
