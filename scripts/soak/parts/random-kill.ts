import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Acknowledgement, type Assignment, readAcknowledgements } from "../assignment.js";
import { bundleChild } from "../bundle.js";
import { checkStore } from "../check-store.js";
import type { Part, Row, Setting } from "../part.js";

const rounds = { pick: 5, short: 30, long: 2_000 };

/** Kills a process at a random moment of its work, again and again on one store. */
export const randomKill: Part = {
  name: "random-kill",
  lacking: () => undefined,
  async *run(setting) {
    yield await killOneWriter(setting);
  },
};

async function killOneWriter({ programme, random, folder }: Setting): Promise<Row> {
  const program = await bundleChild("work");
  const path = join(folder, "runs.db");
  const failures: string[] = [];
  let lost = 0;
  for (let round = 0; round < rounds[programme]; round += 1) {
    const seed = random.seed();
    const told = await killAfter(program, { path, seed, contexts: ["run"] }, random.below(200));
    const found = checkStore(path, told);
    lost += found.lost;
    failures.push(...found.failures.map((failure) => `round ${round}: ${failure}`));
  }
  return {
    what: "kill -9 of one writer",
    trials: rounds[programme],
    unit: "kills",
    lost,
    undetected: 0,
    failures,
  };
}

/** Lets a process work, kills it some ms after its first acknowledgement, and gives what it acknowledged. */
async function killAfter(
  program: string,
  assignment: Assignment,
  ms: number,
): Promise<readonly Acknowledgement[]> {
  const child = spawn(process.execPath, [program, JSON.stringify(assignment)]);
  let output = "";
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), ms));
  await once(child, "close");
  return readAcknowledgements(output);
}
