import { join } from "node:path";
import { atMost, type Finding } from "./finding.js";
import { inFolder } from "./folder.js";
import { isolated } from "./isolated.js";
import { median } from "./measure.js";
import { race } from "./race.js";
import { runners } from "./runners.js";
import { megabytes, type Table } from "./table.js";
import { stepsPerLap } from "./works.js";

const { graph, peerGraph, deltaGraph, peerDeltaGraph } = runners;
const field = [graph, peerGraph, deltaGraph, peerDeltaGraph];
const lengths = [500, 1500] as const;
const rounds = 3;

/** What one contestant did, and what reading its file took in fresh processes. */
interface Measured {
  readonly name: string;
  readonly steps: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  readonly tupleMs: number;
  readonly stateMs: number;
  readonly listMs: number;
  readonly listBytes: number;
}

interface Read {
  readonly ms: number;
  readonly count: number;
  /** What the process held before, and the most that it held. */
  readonly baseBytes: number;
  readonly peakBytes: number;
}

/** A real graph that loops, its checkpoints kept by LangGraph's saver for SQLite and by ours. */
export async function langgraph(): Promise<Table> {
  const measured: Measured[] = [];
  for (const steps of lengths) measured.push(...(await measure(steps)));
  return {
    title: "langgraph: a StateGraph that adds a message of 1 KB at each step, NORMAL, durability sync",
    columns: [
      ...["", "steps", "bytes", "/ messages", "first 50 steps, ms each", "last 50"],
      ...["cold getTuple, ms", "cold getState, ms", "list all, ms", "memory for it"],
    ],
    rows: measured.map((one) => [
      one.name,
      one.steps.toLocaleString("en"),
      megabytes(one.bytes),
      `${(one.bytes / messageBytes(one)).toFixed(2)}x`,
      ...[one.first, one.last, one.tupleMs, one.stateMs].map((ms) => ms.toFixed(2)),
      one.listMs.toFixed(0),
      megabytes(one.listBytes),
    ]),
    findings: findingsOf(measured),
  };
}

async function measure(steps: number): Promise<Measured[]> {
  return await inFolder(async (folder) => {
    const laps = steps / stepsPerLap;
    const runs = await race({ runners: field, durability: "normal", work: "conversation", laps, folder });
    return runs.map(({ name, bytes, laps: [...done] }, place) => {
      const [first, last] = [done[0], done.at(-1)].map((lap) => median(lap?.times ?? []));
      const read = readBack({ file: join(folder, `${place}.db`), way: field[place]?.way ?? "", steps });
      return { name, steps, bytes, first: first ?? NaN, last: last ?? NaN, ...read };
    });
  });
}

/** Reads in fresh processes what a contestant left: each way several times, but all of it once. */
function readBack({ file, way, steps }: { file: string; way: string; steps: number }) {
  const read = (what: string, times: number) => {
    // What the script prints.
    const reads = Array.from({ length: times }, () => isolated("saver-read.ts", way, what, file) as Read);
    const isWhole = reads.every(({ count }) => (what === "tuple" ? count === 1 : count >= steps));
    if (!isWhole) throw new Error(`${way} lost checkpoints.`);
    return {
      ms: median(reads.map(({ ms }) => ms)),
      taken: median(reads.map(({ peakBytes, baseBytes }) => peakBytes - baseBytes)),
    };
  };
  const list = read("list", 1);
  return {
    tupleMs: read("tuple", rounds).ms,
    stateMs: read("state", rounds).ms,
    listMs: list.ms,
    listBytes: list.taken,
  };
}

function findingsOf(measured: readonly Measured[]): Finding[] {
  const [ours, peer, ourDelta, peerDelta] = field.map(({ name }) =>
    measured.find((one) => one.name === name && one.steps === 1500),
  );
  if (ours === undefined || peer === undefined || ourDelta === undefined || peerDelta === undefined)
    return [];
  const work = "graph of 1,500 steps of 1 KB";
  return [
    atMost({ work: `${work}: file`, value: ours.bytes / peer.bytes, goal: 0.01, unit: "x SqliteSaver's" }),
    atMost({
      work: `${work}: file`,
      value: ours.bytes / messageBytes(ours),
      goal: 4,
      unit: "x the messages",
    }),
    atMost({
      work: `${work}: last 50 steps`,
      value: ours.last / peer.last,
      goal: 0.25,
      unit: "x SqliteSaver's",
    }),
    atMost({
      work: `${work}: last 50 steps`,
      value: ours.last / ours.first,
      goal: 2,
      unit: "x the first 50",
    }),
    atMost({
      work: `${work}: cold getTuple`,
      value: ours.tupleMs / peer.tupleMs,
      goal: 1,
      unit: "x SqliteSaver's",
    }),
    atMost({
      work: `${work}: list all, memory beyond what was loaded before`,
      value: ours.listBytes / 1e6,
      goal: 128,
      unit: " MB",
    }),
  ];
}

function messageBytes({ steps }: { readonly steps: number }): number {
  return steps * 1024;
}
