import type { Durability } from "./contestant.js";
import { atLeast, atMost, type Finding } from "./finding.js";
import { medianLap, medianRatio } from "./laps.js";
import { race } from "./race.js";
import { runners } from "./runners.js";
import { sameRowsRatio } from "./same-rows-ratio.js";
import { perSecond, ratio, type Table } from "./table.js";
import { appendsPerLap } from "./works.js";

const { ours, raw, emmett, saver, tinybase, json } = runners;
/** So many laps let V8 compile the writing paths for good. */
const warmUps = 30;
const goals = {
  full: { raw: 1.3, emmett: 2, sameRows: 1.5 },
  normal: { raw: 3.5, emmett: 3, sameRows: 2.5 },
};

/** One value set and committed at a time. */
export async function append(): Promise<Table> {
  const parts = [await appendAt("full"), await appendAt("normal")];
  return {
    title: "append: one durable change (an event, a present value, a line of the key index, hash, anchor)",
    columns: ["", "changes/s", "time / raw"],
    rows: parts.flatMap(({ rows }) => rows),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

async function appendAt(durability: Durability): Promise<{ rows: string[][]; findings: Finding[] }> {
  const field = [ours, raw, emmett, saver, tinybase, json];
  const runs = await race({ runners: field, durability, work: "append", laps: warmUps + 40 });
  const upper = durability.toUpperCase();
  const rows = runs.map(({ name }) => [
    `${name}, ${upper}`,
    perSecond(medianLap(runs, name, warmUps) ?? NaN, appendsPerLap),
    `${medianRatio(runs, { of: name, to: raw.name }, warmUps)?.toFixed(2) ?? ""}x`,
  ]);
  const goal = goals[durability];
  const work = `single durable append at ${upper}`;
  const toRaw = medianRatio(runs, { of: ours.name, to: raw.name }, warmUps);
  const overEmmett = medianRatio(runs, { of: emmett.name, to: ours.name }, warmUps);
  return {
    rows: [...rows, sameRows(durability)],
    findings: [
      ...(toRaw === undefined ? [] : [atMost({ work, value: toRaw, goal: goal.raw, unit: "x raw" })]),
      ...(overEmmett === undefined
        ? []
        : [atLeast({ work, value: overEmmett, goal: goal.emmett, unit: "x Emmett's speed" })]),
    ],
  };
}

/** Says how much of the time SQLite takes for the rows as they are. */
function sameRows(durability: Durability): string[] {
  const events = 200;
  const times = sameRowsRatio({
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
    `better-sqlite3, all the library's rows, ${durability.toUpperCase()}`,
    perSecond(times.raw, events),
    `ours is ${ratio(times.ratio, goals[durability].sameRows)} this`,
  ];
}
