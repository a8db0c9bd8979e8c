import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Durability } from "./contestant.js";
import type { Ended, Lap, Order } from "./racer.js";
import { isInstalled } from "./peers.js";

/** Who runs, and in which of its ways. */
export interface Runner {
  readonly name: string;
  /** The module that has it: `contestants/…` or `peers/…`. */
  readonly module: string;
  readonly way: string;
}

export interface Race {
  readonly runners: readonly Runner[];
  readonly durability: Durability;
  /** What one lap is, to be found in works.ts. */
  readonly work: string;
  readonly laps: number;
  /** Where their files are left, named after their places among the runners; without it, they go. */
  readonly folder?: string;
}

/** What a runner did: each lap, and the bytes of its files once they were closed. */
export interface Run extends Ended {
  readonly name: string;
  readonly laps: readonly Lap[];
}

/**
 * Has runners do the same work by turns, a lap each, so that a busy machine is busy for all. Each has a process
 * of its own: two builds of SQLite must not open files in one, nor one's garbage be collected in another's time.
 * Peers that are not installed do not run.
 */
export async function race({ runners, durability, work, laps, folder: kept }: Race): Promise<Run[]> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), "durable-context-bench-"));
  const present = runners.filter(({ module }) => isInstalled(module));
  const processes = present.map((runner, place) =>
    start({ ...runner, durability, work, file: join(folder, `${place}.db`) }),
  );
  try {
    const runs = present.map(({ name }) => ({ name, laps: [] as Lap[] }));
    for (let lap = 0; lap < laps; lap++) {
      for (const [place, child] of processes.entries()) runs[place]?.laps.push(await ask<Lap>(child, lap));
    }
    const ends: Ended[] = [];
    for (const child of processes) ends.push(await ask<Ended>(child, "end"));
    return runs.map((run, place) => ({ bytes: 0, ...run, ...ends[place] }));
  } finally {
    for (const child of processes) child.kill();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function start(order: Order): ChildProcess {
  const execArgv = ["--import", "tsx", "--expose-gc"];
  return fork(join(import.meta.dirname, "racer.ts"), [JSON.stringify(order)], { execArgv });
}

function ask<Answer>(child: ChildProcess, question: number | "end"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      reject(new Error(`A contestant ended with ${String(code)}: ${child.spawnargs.at(-1) ?? ""}.`));
    };
    child.once("exit", onExit);
    child.once("message", (answer) => {
      child.off("exit", onExit);
      // The racer answers a lap with a Lap, and the end with an Ended.
      resolve(answer as Answer);
    });
    child.send(question);
  });
}
