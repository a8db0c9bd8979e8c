import { join } from "node:path";
import { type Context, openStore } from "durable-context";
import { atMost } from "./finding.js";
import { inFolder } from "./folder.js";
import { median, timeOf } from "./measure.js";
import type { Table } from "./table.js";

const items = 22_300;
const changes = 24;
const warmUps = 4;

interface Plan {
  steps: { id: number; title: string; done: boolean; notes: string }[];
}

/** One field of a large value changed. */
export function plan(): Table {
  const { ms, bytes, size } = inFolder((folder) => {
    const file = join(folder, "plan.db");
    const first = planOf(items);
    openAndDo(file, (context) => {
      context.set("plan", first);
    });
    openAndDo(file, (context) => {
      for (let count = 0; count < warmUps; count++) finishStep(context, count);
    });
    const before = bytesOf(file);
    const times = openAndDo(file, (context) =>
      Array.from({ length: changes }, (_, count) => timeOf(() => finishStep(context, warmUps + count))),
    );
    // The first edit after the opening finds nothing prepared.
    const later = times.slice(1);
    return {
      ms: median(later),
      bytes: (bytesOf(file) - before) / changes,
      size: JSON.stringify(first).length,
    };
  });
  const megabytes = (size / 1e6).toFixed(1);
  const work = `one field changed in a ${megabytes} MB plan, \`edit\`, NORMAL`;
  return {
    title: "plan: one field of a large value changed",
    columns: ["", "ms", "bytes"],
    rows: [[`ctx.edit, ${megabytes} MB`, ms.toFixed(2), Math.round(bytes).toLocaleString("en")]],
    findings: [
      atMost({ work, value: ms, goal: 2, unit: " ms" }),
      atMost({ work, value: bytes / 1024, goal: 4, unit: " KB" }),
    ],
  };
}

function openAndDo<Result>(file: string, work: (context: Context) => Result): Result {
  using store = openStore(file, { durability: "normal" });
  return work(store.context("run-42"));
}

function bytesOf(file: string): number {
  using store = openStore(file);
  return store.stats().bytes;
}

function finishStep(context: Context, count: number): void {
  context.edit("plan", (plan) => {
    // Only planOf made values of this key.
    const step = (plan as Plan).steps[(count * 7919) % items];
    if (step !== undefined) step.done = true;
  });
}

function planOf(length: number): Plan {
  const notes = "the quick brown fox jumps over the lazy dog, and goes on to the next field. ".repeat(2);
  return {
    steps: Array.from({ length }, (_, id) => ({
      id,
      title: `step ${id} of the plan`,
      done: false,
      notes: `${id}: ${notes}`,
    })),
  };
}
