import { atLeast, atMost } from "./finding.js";
import { medianLap, medianRatio } from "./laps.js";
import { race } from "./race.js";
import { runners } from "./runners.js";
import { perSecond, type Table } from "./table.js";
import { foldedEvents } from "./works.js";

const { ours, rows, raw, emmett } = runners;
/** The first lap writes, the next ones warm up. */
const warmUps = 6;

/** Every event of a short history read once, oldest first, and applied. */
export async function fold(): Promise<Table> {
  const runs = await race({
    runners: [ours, rows, raw, emmett],
    durability: "normal",
    work: "fold",
    laps: 36,
  });
  const work = `fold of ${foldedEvents.toLocaleString("en")} events`;
  const toRaw = medianRatio(runs, { of: ours.name, to: rows.name }, warmUps);
  const overEmmett = medianRatio(runs, { of: emmett.name, to: ours.name }, warmUps);
  return {
    title: work,
    columns: ["", "ms", "events/s", "time / SELECT"],
    rows: runs.map(({ name }) => {
      const ms = medianLap(runs, name, warmUps) ?? NaN;
      const toRaw = medianRatio(runs, { of: name, to: rows.name }, warmUps) ?? NaN;
      return [name, ms.toFixed(1), perSecond(ms, foldedEvents), `${toRaw.toFixed(2)}x`];
    }),
    findings: [
      ...(overEmmett === undefined
        ? []
        : [atLeast({ work, value: overEmmett, goal: 3, unit: "x Emmett's speed" })]),
      ...(toRaw === undefined
        ? []
        : [atMost({ work, value: toRaw, goal: 1.3, unit: "x SELECT and JSON.parse" })]),
    ],
  };
}
