import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compileProgram } from "../compile-shim.js";
import { lackingDisks } from "../forced-shutdown/lacking-disks.js";
import { makeDisk, type RoundEnd, shutDownRound } from "../forced-shutdown/shut-down-round.js";
import type { Part, Row, Setting } from "../part.js";
import type { Work } from "../power/record-trace.js";
import { makeScratch } from "../power/scratch.js";

/** Rounds with everything flushed, by one writer and by four, and of the control. */
const rounds = {
  pick: { one: 1, four: 1, control: 1 },
  short: { one: 4, four: 1, control: 3 },
  long: { one: 120, four: 30, control: 20 },
};

/** A control that lost nothing by chance is given so many times its rounds to lose something. */
const patience = 10;

/** A disk is replaced after so many rounds, before it is full. */
const roundsOfDisk = 10;

/** The second of them may leave old content in a file that has grown. */
const options = ["loop,data=ordered", "loop,data=writeback"] as const;

/** Shuts a real file system down under processes that work on it, and mounts it again. */
export const forcedShutdown: Part = {
  name: "forced-shutdown",
  lacking: lackingDisks,
  async *run(setting) {
    const { one, four, control } = rounds[setting.programme];
    using scratch = makeScratch();
    const { folder } = scratch;
    const work = { reopens: 0.02, redacts: 0.05, textLength: 700 };
    const full = { setting, folder, work };
    yield await shutDown({ ...full, what: "shutdown of ext4", writers: 1, rounds: one });
    yield await shutDown({ ...full, what: "shutdown of ext4, 4 writers", writers: 4, rounds: four });
    const normal = { ...work, reopens: 0, redacts: 0, durability: "normal" } as const;
    const what = "shutdown of ext4, durability normal";
    yield await shutDown({ ...full, what, writers: 1, rounds: control, work: normal, isControl: true });
  },
};

interface Shutdowns extends Pick<Row, "what" | "isControl"> {
  readonly writers: number;
  readonly rounds: number;
  readonly work: Omit<Work, "seed" | "rounds">;
  readonly setting: Setting;
  readonly folder: string;
}

/** What is known of a round that was held to what had been acknowledged on its disk. */
interface Judged {
  readonly told: number;
  readonly lost: number;
  readonly faults: readonly string[];
}

async function shutDown(given: Shutdowns): Promise<Row> {
  const judged: Judged[] = [];
  const sum = (count: (one: Judged) => number) => judged.reduce((total, one) => total + count(one), 0);
  const lost = () => sum((one) => one.lost);
  const most = given.isControl === true ? given.rounds * patience : given.rounds;
  while (judged.length < given.rounds || (judged.length < most && lost() === 0)) {
    judged.push(...(await useUpDisk(given, judged.length)));
  }
  return {
    what: given.what,
    trials: judged.length,
    unit: "shutdowns",
    lost: lost(),
    undetected: 0,
    failures: given.isControl === true ? [] : judged.flatMap(({ faults }) => faults),
    note: `${sum((one) => one.told).toLocaleString("en")} events acknowledged, ${sum((one) => Math.sign(one.lost))} shutdowns lost some`,
    ...(given.isControl === true ? { isControl: true } : {}),
  };
}

/** Makes a disk and shuts it down again and again; what was acknowledged stays so through later shutdowns. */
async function useUpDisk(given: Shutdowns, before: number): Promise<readonly Judged[]> {
  const { random } = given.setting;
  const name = `${given.what.replaceAll(/\W+/g, "-")}-${before}`;
  const disk = makeDisk(given.folder, { name, options: random.pick(options) });
  const copy = join(given.folder, `${name}-copy`);
  mkdirSync(copy);
  const judged: Judged[] = [];
  let required: readonly string[] = [];
  for (let round = 0; round < Math.min(roundsOfDisk, given.rounds - before || 1); round += 1) {
    const works = Array.from({ length: given.writers }, () => ({ ...given.work, seed: random.seed() }));
    const acknowledgements = 1 + random.below(400);
    const shutDown = compileProgram("shut-down");
    const end = await shutDownRound({ disk, works, acknowledgements, shutDown, copy });
    required = [...required, ...end.told];
    const missing = required.filter((what) => !end.holds.has(what));
    const seeds = works.map(({ seed }) => seed).join(", ");
    const where = `shutdown ${round + 1} of ${disk.options}, seeds ${seeds}, after ${acknowledgements}`;
    judged.push(judge(end, missing, where));
    // What is lost once would be missing for ever.
    required = required.filter((what) => end.holds.has(what));
  }
  return judged;
}

function judge({ told, fault }: RoundEnd, missing: readonly string[], where: string): Judged {
  const faults = [...(fault === undefined ? [] : [fault]), ...missing.map((what) => `${what} is missing`)];
  return { told: told.length, lost: missing.length, faults: faults.map((one) => `${where}: ${one}`) };
}
