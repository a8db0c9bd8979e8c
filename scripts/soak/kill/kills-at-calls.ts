import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Telling } from "../acknowledge.js";
import type { Assignment } from "../assignment.js";
import { bundleChild } from "../bundle.js";
import { type Death, deaths, type Fault, faultEnvironment, readCalls } from "../fault.js";
import { inTurn } from "../in-turn.js";
import type { Row, Setting } from "../part.js";
import type { Random } from "../random.js";
import { runWorker } from "../worker.js";
import { Aftermaths } from "./aftermaths.js";

const rounds = 2;
const contexts = ["run"];

/**
 * Kills a writer at one file system call of its work after the other: before it, when half of a write is done,
 * and after it. Without a number of runs, at every call.
 */
export async function killAtCalls(
  { random, folder }: Setting,
  runs: number | undefined,
  telling: Telling = {},
): Promise<Row> {
  const program = await bundleChild("work");
  const seed = random.seed();
  const assignment = (path: string): Assignment => ({ path, seed, contexts, rounds, ...telling });
  const calls = await callsOfWork(program, assignment, join(folder, "calls"));
  const found = new Aftermaths();
  await inTurn(chooseDeaths(calls.length, runs, random), async (fault, index) => {
    const place = join(folder, `call-${index}`);
    mkdirSync(place);
    const path = join(place, "runs.db");
    const end = await runWorker(program, assignment(path), { env: faultEnvironment(place, fault) });
    await found.add(path, [end], `killed ${fault.deed} call ${fault.at} of a run with seed ${seed}`);
    rmSync(place, { recursive: true });
  });
  const { kills: trials, lost, failures, unacknowledged } = found;
  return {
    what: `kill -9 at a file system call: before, half-way, after${telling.durability === "grouped" ? "; grouped" : ""}`,
    trials,
    unit: "kills",
    lost,
    undetected: 0,
    failures,
    note: `a run of ${calls.length} calls; ${unacknowledged} events were committed and not acknowledged`,
  };
}

/** Every call with every death, or an even choice of them. */
export function chooseDeaths(
  calls: number,
  runs: number | undefined,
  random: Random,
): (Fault & { deed: Death })[] {
  if (runs === undefined)
    return Array.from({ length: calls }, (_, index) => index + 1).flatMap((at) =>
      deaths.map((deed) => ({ at, deed })),
    );
  return Array.from({ length: runs }, (_, index) => {
    const from = Math.floor((calls * index) / runs);
    const width = Math.max(1, Math.floor(calls / runs));
    return { at: 1 + from + random.below(width), deed: random.pick(deaths) };
  });
}

async function callsOfWork(program: string, assignment: (path: string) => Assignment, place: string) {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const log = join(place, "..", "calls.log");
  rmSync(log, { force: true });
  const path = join(place, "runs.db");
  const end = await runWorker(program, assignment(path), {
    env: faultEnvironment(place, undefined, log),
  });
  if (end.code !== 0) throw new Error(end.complaints);
  return readCalls(log).filter(({ operation }) => operation !== "say");
}
