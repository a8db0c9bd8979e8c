import { atMost } from "./finding.js";
import { median } from "./measure.js";
import { race } from "./race.js";
import { runners } from "./runners.js";
import { megabytes, type Table } from "./table.js";
import { tickBytes, ticksPerLap } from "./works.js";

const { ours, saver, tinybase, json } = runners;
const laps = 20;

/** Output of a tool that arrives in small pieces; each tick sets one key to all that has come so far. */
export async function stream(): Promise<Table> {
  const field = [ours, saver, tinybase, json];
  const runs = await race({ runners: field, durability: "normal", work: "stream", laps });
  const kilobytes = Math.round((laps * ticksPerLap * tickBytes) / 1024);
  const bytes = runs.find(({ name }) => name === ours.name)?.bytes ?? NaN;
  const work = `${kilobytes} KB streamed in ${tickBytes}-byte ticks into one key: file`;
  return {
    title: `stream: ${kilobytes} KB of output in ${(laps * ticksPerLap).toLocaleString("en")} ticks, NORMAL`,
    columns: ["", "bytes at the end", "first ticks, ms each", "last"],
    rows: runs.map((run) => [
      run.name,
      megabytes(run.bytes),
      median(run.laps[0]?.times ?? []).toFixed(3),
      median(run.laps.at(-1)?.times ?? []).toFixed(3),
    ]),
    findings: [atMost({ work, value: bytes / 1e6, goal: 3, unit: " MB" })],
  };
}
