import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleChild } from "../bundle.js";
import { lackingShim } from "../compile-shim.js";
import { describeFault, type Fault, faultEnvironment, readCalls } from "../fault.js";
import type { Attempt, Trial } from "../faults/attempt.js";
import { checkAttempts } from "../faults/check-attempts.js";
import { chooseFaults, everyFault, type Kind, kindsOf, type Planned } from "../faults/choose-faults.js";
import { inTurn } from "../in-turn.js";
import type { Part, Row, Setting } from "../part.js";
import { runWorker, unexpectedEnd } from "../worker.js";

const runs = { pick: 24, short: 30, long: undefined };

/** At how many calls of each kind every fault is tried in the long programme. */
const places = 3;

/** What fails, and how that is called. */
const families: Readonly<Record<string, readonly Fault["deed"][]>> = {
  "I/O errors (EIO), once and from then on": ["EIO"],
  "a full disk (ENOSPC), torn writes": ["ENOSPC", "torn"],
  "no descriptors, no rights, short writes": ["EMFILE", "EACCES", "short"],
};

/** Lets the file system fail: what a caller is told of a write is true, and the next opening goes on. */
export const faults: Part = {
  name: "faults",
  lacking: lackingShim,
  async *run(setting) {
    const { programme, random, folder } = setting;
    const program = await bundleChild("try");
    const kinds = await kindsOfCalls(program, join(folder, "calls"));
    const count = runs[programme];
    const planned = count === undefined ? everyFault(kinds, places) : chooseFaults(kinds, count, random);
    for (const [what, deeds] of Object.entries(families)) {
      const chosen = planned.filter(({ fault }) => deeds.includes(fault.deed));
      yield await meetFaults(setting, program, what, chosen);
    }
  },
};

async function meetFaults(
  { folder }: Setting,
  program: string,
  what: string,
  planned: readonly Planned[],
): Promise<Row> {
  let lost = 0;
  let told = 0;
  const failures: string[] = [];
  await inTurn(planned, async ({ fault, policy }, index) => {
    const place = join(folder, `fault-${index}`);
    mkdirSync(place);
    const path = join(place, "runs.db");
    const trial: Trial = { path, policy };
    const end = await runWorker(program, trial, { env: faultEnvironment(place, fault) });
    const attempts = end.lines.map((line) => JSON.parse(line) as Attempt);
    const found = await checkAttempts(path, attempts);
    lost += found.lost;
    if (attempts.some((attempt) => !attempt.told.isDone)) told += 1;
    const name = `${describeFault(fault)}, ${policy}`;
    const wrong = [...unexpectedEnd(end), ...found.failures, ...rashWords(fault, attempts)];
    failures.push(...wrong.map((failure) => `${name}: ${failure}`));
    rmSync(place, { recursive: true });
  });
  return {
    what,
    trials: planned.length,
    unit: "faults",
    lost,
    undetected: 0,
    failures,
    note: `in ${told} runs a caller was told of an error`,
  };
}

/** A read that failed once is no damage: it has to be tried again before anybody is told so. */
function rashWords({ isSticky }: Fault, attempts: readonly Attempt[]): string[] {
  if (isSticky === true) return [];
  return attempts.flatMap(({ key, told }) =>
    !told.isDone && told.code === "STORE_CORRUPT" ? [`${key} called the store damaged, which it is not`] : [],
  );
}

async function kindsOfCalls(program: string, place: string): Promise<readonly Kind[]> {
  mkdirSync(place);
  const log = join(place, "..", "calls.log");
  const trial: Trial = { path: join(place, "runs.db"), policy: "die" };
  const end = await runWorker(program, trial, { env: faultEnvironment(place, undefined, log) });
  if (end.code !== 0) throw new Error(end.complaints);
  return kindsOf(readCalls(log));
}
