import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Context, openStore } from "durable-context";
import { inFolder } from "./folder.js";
import { median, timeOf } from "./measure.js";
import { SameRows, readRows } from "./same-rows.js";

/** One way of writing, done by the library and by better-sqlite3 alone. */
export interface Writing {
  readonly durability: "full" | "normal";
  readonly rounds: number;
  /** Events that a round writes. */
  readonly events: number;
  readonly ours: (context: Context, values: readonly Step[]) => void;
  readonly raw: (store: SameRows, rows: ReturnType<typeof readRows>) => void;
}

export type Step = readonly [key: string, value: unknown];

/** Median times of a round in ms, and the median of the rounds' ratios. */
export interface SameRowsRatio {
  readonly ours: number;
  readonly raw: number;
  readonly ratio: number;
}

/** Measures a way of writing in rounds: ours, then the same rows by better-sqlite3 into a file as large. */
export function sameRowsRatio({ durability, rounds, events, ours, raw }: Writing): SameRowsRatio {
  warmUp();
  return inFolder((folder) => {
    const [ourFile, rawFile] = [join(folder, "ours.db"), join(folder, "raw.db")];
    makeStore(ourFile);
    cpSync(ourFile, rawFile);
    using store = openStore(ourFile, { durability });
    const rawStore = new SameRows(rawFile, durability);
    const context = store.context("run-42");
    const times = { ours: [] as number[], raw: [] as number[], ratio: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const before = positionOf(store);
      const steps = stepsOf(round, events);
      const ourTime = timeOf(() => ours(context, steps));
      const rows = readRows(ourFile, before);
      if (rows.length !== events) throw new Error(`${rows.length} events were written, not ${events}.`);
      const rawTime = timeOf(() => raw(rawStore, rows));
      // The first round warms up.
      if (round === 0) continue;
      times.ours.push(ourTime);
      times.raw.push(rawTime);
      times.ratio.push(ourTime / rawTime);
    }
    rawStore.close();
    return { ours: median(times.ours), raw: median(times.raw), ratio: median(times.ratio) };
  });
}

/** Lets V8 compile the writing path for good, which takes it some thousand events. */
function warmUp(): void {
  inFolder((folder) => {
    using store = openStore(join(folder, "warm.db"), { durability: "normal" });
    const context = store.context("run-42");
    for (const [key, value] of stepsOf(-2, 10_000)) context.set(key, value);
  });
}

/** How many keys the written context has. */
const keys = 20;

function makeStore(file: string): void {
  using store = openStore(file);
  const context = store.context("run-42");
  context.batch(() => {
    for (const [key, value] of stepsOf(-1, keys)) context.set(key, value);
  });
}

function positionOf(store: ReturnType<typeof openStore>): number {
  return Number(store.query("SELECT max(position) AS position FROM events").rows[0]?.position);
}

function stepsOf(round: number, events: number): Step[] {
  return Array.from({ length: events }, (_, step) => [
    `key_${step % keys}`,
    { round, step, status: "running", note: "the quick brown fox jumps over the lazy dog" },
  ]);
}
