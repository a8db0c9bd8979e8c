import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawChart } from "./chart.js";
import { atLeast, atMost, type Finding } from "./finding.js";
import { median } from "./measure.js";
import { race, type Run } from "./race.js";
import { runners } from "./runners.js";
import { megabytes, type Table } from "./table.js";
import { stepsPerLap } from "./works.js";

const { edit, set, saver, tinybase, json } = runners;
const steps = 1500;
const messageBytes = steps * 1024;
const rounds = 3;

/** A conversation that grows by a message of 1 KB at each step, kept under one key. */
export async function conversation({ chart }: { readonly chart: boolean }): Promise<Table> {
  const times: Run[][] = [];
  for (let round = 0; round < rounds; round++) times.push(await converse());
  const runs = merged(times);
  if (chart)
    writeFileSync(
      join(import.meta.dirname, "conversation.svg"),
      drawChart(runs, [edit.name, saver.name, json.name], steps),
    );
  return {
    title: `conversation: ${steps.toLocaleString("en")} messages of 1 KB (${megabytes(messageBytes)}) in one key, NORMAL`,
    columns: ["", "bytes at the end", "/ messages", "first 50 steps, ms each", "last 50"],
    rows: runs.map((run) => [
      run.name,
      megabytes(run.bytes),
      `${(run.bytes / messageBytes).toFixed(2)}x`,
      firstOf(run).toFixed(3),
      lastOf(run).toFixed(3),
    ]),
    findings: findingsOf(runs),
  };
}

async function converse(): Promise<Run[]> {
  return await race({
    runners: [edit, set, saver, tinybase, json],
    durability: "normal",
    work: "conversation",
    laps: steps / stepsPerLap,
  });
}

/** Joins the laps of the same part of all conversations. */
function merged(rounds: readonly (readonly Run[])[]): Run[] {
  return (rounds[0] ?? []).map((run, place) => ({
    ...run,
    laps: run.laps.map((lap, part) => ({
      ...lap,
      times: rounds.flatMap((round) => round[place]?.laps[part]?.times ?? []),
    })),
  }));
}

function findingsOf(runs: readonly Run[]): Finding[] {
  const [editing, setting, saving] = [edit, set, saver].map(({ name }) =>
    runs.find((run) => run.name === name),
  );
  if (editing === undefined || setting === undefined) return [];
  const work = "conversation of 1,500 x 1 KB";
  const unit = "x the messages";
  const growth = lastOf(editing) / firstOf(editing);
  return [
    atMost({ work: `${work}, \`edit\`: file`, value: editing.bytes / messageBytes, goal: 3, unit }),
    atMost({ work: `${work}, \`edit\`: last 50 steps`, value: growth, goal: 1.5, unit: "x the first 50" }),
    atMost({ work: `${work}, \`set\`: file`, value: setting.bytes / messageBytes, goal: 3, unit }),
    ...(saving === undefined
      ? []
      : [
          atLeast({
            work: `${work}, \`set\`: last 50 steps`,
            value: lastOf(saving) / lastOf(setting),
            goal: 5,
            unit: "x SqliteSaver's speed",
          }),
        ]),
  ];
}

function firstOf({ laps }: Run): number {
  return median(laps[0]?.times ?? []);
}

function lastOf({ laps }: Run): number {
  return median(laps.at(-1)?.times ?? []);
}
