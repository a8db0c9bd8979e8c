import { join } from "node:path";
import { type Context, openStore, type Store } from "durable-context";
import { atLeast as wantedAtLeast } from "./finding.js";
import { median } from "./measure.js";
import { perSecond, type Table } from "./table.js";

const contexts = 64;
/** How many values each writer sets in a round. */
const steps = 10;
const rounds = 25;

/** Writers side by side, one a context, against as many writes that are each flushed. */
export async function grouped(): Promise<Table> {
  const ways = ["full", "normal", "waits at each", "waits at the end"] as const;
  const times = await inFolderAsync(measure);
  const single = median(times.map(({ full }) => full));
  const rows = ways.map((way) => {
    const time = median(times.map((round) => round[way]));
    const gain = median(times.map((round) => round.full / round[way]));
    return [names[way], perSecond(time, contexts * steps), way === "full" ? "" : atLeast(gain, goals[way])];
  });
  return {
    title: `grouped: ${contexts} contexts written concurrently; one single append takes ${((single / contexts / steps) * 1000).toFixed(0)} us`,
    columns: ["", "events/s", "throughput / single appends"],
    rows,
    findings: [
      wantedAtLeast({
        work: `${contexts} contexts written concurrently, grouped`,
        value: median(times.map((round) => round.full / round["waits at each"])),
        goal: 10,
        unit: "x single FULL appends",
      }),
    ],
  };
}

type Way = keyof typeof names;

const names = {
  full: "ctx.set, one after the other, durability full",
  normal: "the same, durability normal",
  "waits at each": "durability grouped, durable() awaited after each set",
  "waits at the end": "durability grouped, durable() awaited after the last set",
} as const;

const goals: Partial<Record<Way, number>> = { "waits at each": 10 };

async function measure(folder: string): Promise<Record<Way, number>[]> {
  const opened = (["full", "normal", "grouped"] as const).map((durability) => {
    const store = openStore(join(folder, `${durability}.db`), { durability });
    return { store, all: Array.from({ length: contexts }, (_, number) => store.context(`run-${number}`)) };
  });
  const [full, normal, group] = opened;
  if (full === undefined || normal === undefined || group === undefined) throw new Error("No stores.");
  await warmUp(group);
  const measured: Record<Way, number>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push({
      full: await timeOf(() => one(full.all, round)),
      normal: await timeOf(() => one(normal.all, round)),
      "waits at each": await timeOf(() => together(group, round, () => group.store.durable())),
      "waits at the end": await timeOf(() => together(group, round, () => Promise.resolve())),
    });
  }
  for (const { store } of opened) store.close();
  return measured;
}

interface Opened {
  readonly store: Store;
  readonly all: readonly Context[];
}

/** Lets V8 compile the writing path for good. */
async function warmUp(opened: Opened): Promise<void> {
  for (let round = 0; round < 10; round += 1) await together(opened, round, () => Promise.resolve());
}

function one(all: readonly Context[], round: number): void {
  for (let step = 0; step < steps; step += 1) for (const context of all) write(context, round, step);
}

async function together({ store, all }: Opened, round: number, after: () => Promise<void>): Promise<void> {
  const writers = all.map(async (context) => {
    for (let step = 0; step < steps; step += 1) {
      write(context, round, step);
      await after();
    }
  });
  await Promise.all(writers);
  await store.durable();
}

function write(context: Context, round: number, step: number): void {
  const note = "the quick brown fox jumps over the lazy dog";
  context.set(`key_${step % 20}`, { round, step, status: "running", note });
}

async function timeOf(work: () => void | Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function atLeast(value: number, goal: number | undefined): string {
  if (goal === undefined) return `${value.toFixed(1)}x`;
  return `${value.toFixed(1)}x of at least ${goal}x${value >= goal ? "" : " MISSED"}`;
}

async function inFolderAsync<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const folder = await mkdtemp(join(tmpdir(), "durable-context-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
