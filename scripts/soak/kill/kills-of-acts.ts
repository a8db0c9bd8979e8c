import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isContextError } from "../../../src/index.js";
import type { Acknowledgement } from "../assignment.js";
import { bundleChild } from "../bundle.js";
import { checkStore } from "../check-store.js";
import { describeFault, faultEnvironment, readCalls } from "../fault.js";
import { inTurn } from "../in-turn.js";
import type { Row, Setting } from "../part.js";
import { runWorker, unexpectedEnd } from "../worker.js";
import { files, makeActStore } from "./act-store.js";
import type { Act } from "./acts.js";
import { chooseDeaths } from "./kills-at-calls.js";

/** What is broken off, and how often. */
export interface KillingOfActs {
  readonly what: string;
  readonly acts: readonly Act[];
  /** How often each is; without a number, at every call. */
  readonly runs: number | undefined;
}

/**
 * Kills a process while it does something to a store as a whole: afterwards it is done or not begun, and
 * whoever comes next can simply do it.
 */
export async function killActs(setting: Setting, { what, acts, runs }: KillingOfActs): Promise<Row> {
  const { random } = setting;
  const program = await bundleChild("act");
  const folder = mkdtempSync(join(setting.folder, "acts-"));
  const template = join(folder, "template");
  const heads = makeActStore(template);
  for (const ending of ["", "-anchor"]) {
    const from = join(template, files.store + ending);
    if (existsSync(from)) cpSync(from, join(template, files.left + ending));
  }
  await runWorker(program, { name: "leave a log", folder: template }, {});
  const found = { trials: 0, lost: 0, drafts: 0, failures: new Array<string>() };
  for (const act of acts) {
    const calls = await callsOf(program, act, template, join(folder, `${act.name}.log`));
    await inTurn(chooseDeaths(calls, runs, random), async (fault, index) => {
      const place = join(folder, `act-${index}`);
      cpSync(template, place, { recursive: true });
      const end = await runWorker(
        program,
        { name: act.name, folder: place },
        {
          env: faultEnvironment(place, fault),
        },
      );
      if (end.signal === "SIGKILL") found.trials += 1;
      const { lost, failures } = checkAct(act, place, heads);
      found.lost += lost;
      found.drafts += readdirSync(place).filter((name) => name.includes(".new")).length;
      found.failures.push(
        ...[...unexpectedEnd(end), ...failures].map((why) => `${act.name}, ${describeFault(fault)}: ${why}`),
      );
      rmSync(place, { recursive: true });
    });
  }
  const { drafts, ...rest } = found;
  return {
    what,
    unit: "kills",
    undetected: 0,
    note: `${acts.map(({ name }) => name).join(", ")}; ${drafts} drafts were left, which nobody takes for a store`,
    ...rest,
  };
}

async function callsOf(program: string, act: Act, template: string, log: string): Promise<number> {
  const place = `${template} counted`;
  cpSync(template, place, { recursive: true });
  const end = await runWorker(
    program,
    { name: act.name, folder: place },
    {
      env: faultEnvironment(place, undefined, log),
    },
  );
  if (end.code !== 0) throw new Error(`${act.name}: ${end.complaints}`);
  rmSync(place, { recursive: true });
  return readCalls(log).filter(({ operation }) => operation !== "say").length;
}

/** Holds what was left to the promise, does it again, and looks once more. */
function checkAct(
  act: Act,
  place: string,
  heads: readonly Acknowledgement[],
): { lost: number; failures: string[] } {
  const failures: string[] = [];
  const first = attempt(() => act.outcome(place));
  if (typeof first === "object" && act.name !== "redaction") failures.push(first.between);
  const expected = heads.filter(({ context }) => context !== act.removes || first === "undone");
  const { lost, failures: wrong } = checkStore(join(place, files.store), expected);
  failures.push(...wrong);
  const again = attempt(() => {
    act.run(place);
    return "done";
  });
  // What was done is said to be there already; everything else can be done again.
  if (typeof again === "object" && !(first === "done" && again.isRefusal)) failures.push(again.between);
  const last = attempt(() => act.outcome(place));
  if (last !== "done") failures.push(`done again, it is ${typeof last === "object" ? last.between : last}`);
  return { lost, failures };
}

type Attempt<Result> = Result | { readonly between: string; readonly isRefusal: boolean };

function attempt<Result>(work: () => Result): Attempt<Result> {
  try {
    return work();
  } catch (error) {
    const isRefusal = isContextError(error, "BACKUP_EXISTS") || isContextError(error, "CONTEXT_EXISTS");
    return { between: String(error), isRefusal };
  }
}
