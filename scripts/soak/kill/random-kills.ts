import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Telling } from "../acknowledge.js";
import type { Assignment } from "../assignment.js";
import { bundleChild } from "../bundle.js";
import type { Row, Setting } from "../part.js";
import { runWorker } from "../worker.js";
import { Aftermaths } from "./aftermaths.js";

/** After so many rounds a new store is begun: checking one takes longer the more it holds. */
const roundsOfStore = 20;

/** Who is killed, and how often. */
export interface Killing extends Telling {
  readonly writers: number;
  readonly rounds: number;
  readonly contexts: readonly string[];
}

/** Kills writers some ms after their first acknowledgement, round after round on one store. */
export async function killAtRandom(
  { random, folder }: Setting,
  { writers, rounds, contexts, ...telling }: Killing,
): Promise<Row> {
  const program = await bundleChild("work");
  const found = new Aftermaths();
  const place = join(folder, `random-${writers}-${telling.durability ?? "full"}`);
  for (let round = 0; round < rounds; round += 1) {
    if (round % roundsOfStore === 0) {
      rmSync(place, { recursive: true, force: true });
      mkdirSync(place);
    }
    const path = join(place, "runs.db");
    const tasks = Array.from({ length: writers }, () => ({
      assignment: { path, seed: random.seed(), contexts, ...telling } satisfies Assignment,
      killAfterMs: random.below(200),
    }));
    const ends = await Promise.all(
      tasks.map(({ assignment, killAfterMs }) => runWorker(program, assignment, { killAfterMs })),
    );
    await found.add(path, ends, `round ${round} with ${writers} writers`);
  }
  const { kills: trials, lost, failures, unacknowledged } = found;
  return {
    what: describeKilling(writers, telling),
    trials,
    unit: "kills",
    lost,
    undetected: 0,
    failures,
    note: `${unacknowledged} events were committed and not acknowledged`,
  };
}

function describeKilling(writers: number, { durability }: Telling): string {
  const who = writers === 1 ? "one writer" : `${writers} writers on shared contexts`;
  return `kill -9 of ${who}${durability === "grouped" ? ", grouped" : ""}`;
}
