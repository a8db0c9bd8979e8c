import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bundleChild } from "../bundle.js";
import { faceSmallFiles } from "../hostile/memory-row.js";
import { ownerWithoutRights } from "../hostile/give-up-rights.js";
import { type Account, announcement, type Assignment, type Kind, kinds } from "../hostile/ordeal.js";
import type { Part, Programme, Row, Setting } from "../part.js";
import { runWorker, unexpectedEnd } from "../worker.js";

/** How many of each kind are drawn by chance, and in how many processes, each of which has a minute. */
const amounts: Readonly<Record<Programme, Readonly<Record<Kind, number>> & { readonly processes: number }>> =
  {
    pick: { load: 40, open: 10, calls: 200, words: 40, processes: 1 },
    short: { load: 200, open: 40, calls: 700, words: 200, processes: 1 },
    long: { load: 280, open: 150, calls: 1_200, words: 500, processes: 8 },
  };

const said: Readonly<Record<Kind, Pick<Row, "what" | "unit">>> = {
  load: { what: "files loaded that are no good exports", unit: "files" },
  open: { what: "files opened that are no good stores", unit: "files" },
  calls: { what: "calls with what no type allows", unit: "calls" },
  words: { what: "command lines of odd words", unit: "command lines" },
};

/** Hands the library whatever a caller, a file or a command line should not: it is refused, or answered rightly. */
export const hostile: Part = {
  name: "hostile",
  lacking: () => (process.platform === "win32" ? "no pipes in folders" : undefined),
  async *run(setting) {
    for (const kind of kinds) yield await faceAll(kind, setting);
    const { folder, programme } = setting;
    yield await faceSmallFiles(join(folder, "small"), giveAway, programme);
  },
};

async function faceAll(kind: Kind, { programme, random, folder }: Setting): Promise<Row> {
  const amount = amounts[programme];
  const program = await bundleChild("face");
  const accounts: Account[] = [];
  const failures: string[] = [];
  for (let number = 0; number < amount.processes; number += 1) {
    const seed = random.seed();
    const own = join(folder, `${kind}-${number}`);
    mkdirSync(own);
    for (const one of [folder, own]) giveAway(one);
    const draws = amount[kind];
    const isLong = programme === "long" && number === 0;
    const given: Assignment = { kind, folder: own, seed, draws, isLong };
    const end = await runWorker(program, given, {});
    const last = end.lines.at(-1) ?? "";
    // It is the process's last word, and ours.
    if (last.startsWith("{")) accounts.push(JSON.parse(last) as Account);
    else failures.push(...unexpectedEnd(end).map((why) => `${last.slice(announcement.length)}: ${why}`));
  }
  failures.push(...accounts.flatMap((account) => account.failures));
  if (sum(accounts, "faced") === 0) failures.push("nothing was faced");
  return {
    ...said[kind],
    trials: sum(accounts, "faced"),
    lost: 0,
    undetected: 0,
    failures,
    note: noteOf(accounts),
  };
}

/** Gives a file to the user whom a process without rights becomes. */
function giveAway(path: string): void {
  const owner = ownerWithoutRights();
  if (owner !== undefined) chownSync(path, owner, owner);
}

function noteOf(accounts: readonly Account[]): string {
  const slowest = accounts.toSorted((a, b) => b.slowestMs - a.slowestMs)[0];
  const right = sum(accounts, "right");
  return `${right} answered, the others refused; the slowest took ${(slowest?.slowestMs ?? 0).toFixed(0)} ms (${slowest?.slowest ?? ""})`;
}

function sum(accounts: readonly Account[], member: "faced" | "right"): number {
  return accounts.reduce((total, account) => total + account[member], 0);
}
