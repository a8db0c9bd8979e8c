/** The process of one contestant: it does a lap whenever it is told to. */
import { existsSync, statSync } from "node:fs";
import type { Contestants, Place } from "./contestant.js";
import { rehearsals, works } from "./works.js";

/** What a racer is started with. */
export interface Order extends Place {
  readonly module: string;
  readonly way: string;
  readonly work: string;
}

/** The times of a lap's parts in ms, and how large the file is after it. */
export interface Lap {
  readonly times: readonly number[];
  readonly bytes: number;
}

export interface Ended {
  /** What is left when everything is closed: the file, with its anchor where there is one. */
  readonly bytes: number;
}

// Who forks this process says in JSON what it is to do.
const order = JSON.parse(process.argv[2] ?? "") as Order;
const { contestants } = (await import(`./${order.module}.js`)) as { readonly contestants: Contestants };
const enter = contestants[order.way];
const work = works[order.work];
if (enter === undefined || work === undefined) throw new Error(`There is no ${JSON.stringify(order)}.`);
await rehearse(rehearsals[order.work] ?? 0);
const contestant = await enter(order);
const lap = work(contestant);

process.on("message", (question: number | "end") => {
  void (question === "end" ? end() : run(question));
});

/** Lets V8 compile what is measured. */
async function rehearse(laps: number): Promise<void> {
  const rehearsed = await enter?.({ ...order, file: `${order.file}-rehearsal` });
  if (rehearsed === undefined) return;
  const lap = work?.(rehearsed);
  for (let count = 0; count < laps; count++) await lap?.(count);
  await rehearsed.close();
}

async function run(count: number): Promise<void> {
  const times = await lap(count);
  process.send?.({ times, bytes: contestant.bytes() } satisfies Lap);
}

async function end(): Promise<void> {
  await contestant.close();
  const files = [order.file, `${order.file}-wal`, `${order.file}-anchor`].filter((file) => existsSync(file));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  process.send?.({ bytes } satisfies Ended);
}
