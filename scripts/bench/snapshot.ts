import { join } from "node:path";
import { openStore } from "durable-context";
import { atMost } from "./finding.js";
import { inFolder } from "./folder.js";
import { median, timeOf } from "./measure.js";
import { megabytes, type Table } from "./table.js";

const keys = 100;
const rounds = 20;

/** A snapshot of a large context, and the copy of it that a phase works on. */
export async function snapshot(): Promise<Table> {
  const { snapshots, phases, clones, bytes, size } = await measure();
  const [taking, starting, cloning] = [snapshots, phases, clones].map((times) => median(times.slice(2)));
  const context = `a context of ${megabytes(size)}`;
  return {
    title: `snapshot: ${context} in ${keys} keys, NORMAL`,
    columns: ["", "ms", "bytes"],
    rows: [
      ["ctx.snapshot", (taking ?? NaN).toFixed(2), Math.round(bytes).toLocaleString("en")],
      ["ctx.phase, until its work begins", (starting ?? NaN).toFixed(2), ""],
      ["structuredClone of the state", (cloning ?? NaN).toFixed(2), ""],
    ],
    findings: [
      atMost({ work: `snapshot of ${context}`, value: taking ?? NaN, goal: 1, unit: " ms" }),
      atMost({ work: `snapshot of ${context}`, value: bytes / 1024, goal: 8, unit: " KB" }),
      atMost({
        work: `phase start on ${context}`,
        value: (starting ?? NaN) / (cloning ?? NaN),
        goal: 1,
        unit: "x structuredClone",
      }),
    ],
  };
}

interface Measured {
  readonly snapshots: number[];
  readonly phases: number[];
  readonly clones: number[];
  /** That a snapshot adds to the file. */
  readonly bytes: number;
  readonly size: number;
}

async function measure(): Promise<Measured> {
  return await inFolder(async (folder) => {
    using store = openStore(join(folder, "large.db"), { durability: "normal" });
    const context = store.context("run-42");
    for (let key = 0; key < keys; key++) context.set(`document_${key}`, documentOf(key));
    const size = context.stats().persistentBytes;
    const before = store.stats().bytes;
    const snapshots = Array.from({ length: rounds }, (_, round) =>
      timeOf(() => void context.snapshot(`round ${round}`)),
    );
    const bytes = (store.stats().bytes - before) / rounds;
    const state = Object.fromEntries(context.keys().map((key) => [key, context.clone(key)]));
    const clones = Array.from({ length: rounds }, () => timeOf(() => void structuredClone(state)));
    const phases: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      await context.phase(`round ${round}`, () => void phases.push(performance.now() - began));
    }
    return { snapshots, phases, clones, bytes, size };
  });
}

/** About 100 KB of nested objects. */
function documentOf(key: number): unknown {
  return {
    key,
    parts: Array.from({ length: 700 }, (_, part) => ({
      part,
      title: `part ${part} of ${key}`,
      read: false,
      text: "the quick brown fox jumps over the lazy dog, and goes on. ".repeat(2) + String(part),
    })),
  };
}
