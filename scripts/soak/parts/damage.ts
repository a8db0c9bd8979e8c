import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Ending } from "../damage/files.js";
import { cutAny, type Damaged, flip, flipAny, mixtures, zeroPage } from "../damage/inflict.js";
import { judge, type Truth, truthOf } from "../damage/judge.js";
import { makeSpecimens, type Specimens } from "../damage/specimen.js";
import { makeMemoryFolder } from "../memory-folder.js";
import type { Part, Row, Setting } from "../part.js";
import type { Random } from "../random.js";

/** How often each kind of damage is done. */
const amounts = {
  pick: { flips: 60, logFlips: 60, others: 8, exchanges: 40, headBits: 0 },
  short: { flips: 200, logFlips: 200, others: 25, exchanges: 200, headBits: 80 },
  long: { flips: 5_000, logFlips: 6_000, others: 600, exchanges: 200, headBits: 800 },
};

/** Damages the files of a store in every way, and asks it everything. */
export const damage: Part = {
  name: "damage",
  lacking: () => undefined,
  async *run(setting) {
    const specimens = await makeSpecimens(setting.folder, setting.random);
    const folder = makeMemoryFolder("damage");
    try {
      yield* damageAll(setting, specimens, join(folder, "runs.db"));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function* damageAll({ programme, random }: Setting, specimens: Specimens, path: string): Generator<Row> {
  const { store, older: closed } = specimens;
  const { flips, logFlips, others, exchanges, headBits } = amounts[programme];
  const quiet = { path, truth: truthOf(path, closed) };
  const bench = { path, truth: truthOf(path, store) };
  const flipped = (ending: Ending) => () => flipAny(store, ending, random);
  const inHead = Array.from({ length: headBits }, (_, bit) => flip(closed, "", bit));
  const mixed = shuffled(mixtures(specimens), random).slice(0, exchanges);
  yield tally(
    "a bit of a closed database flipped",
    quiet,
    repeat(flips, () => flipAny(closed, "", random)),
  );
  if (headBits > 0) yield tally("each of the first bits of a database flipped", quiet, inHead);
  yield tally("a bit of a database with a log flipped", bench, repeat(flips / 4, flipped("")));
  yield tally("a bit of the log flipped", bench, repeat(logFlips, flipped("-wal")));
  yield tally("a bit of the log's index flipped", bench, repeat(others, flipped("-shm")));
  yield tally("a bit of the anchor flipped", bench, repeat(others, flipped("-anchor")));
  yield tally(
    "one of the files cut short",
    bench,
    repeat(others * 4, () => cutAny(store, random)),
  );
  yield tally(
    "a page of zeros",
    quiet,
    repeat(others, () => zeroPage(closed, random)),
  );
  yield tally("files deleted, emptied, exchanged, older", bench, mixed);
  const accepting = { ...bench, behind: "accept" } as const;
  const control = tally(
    "a bit of the log flipped, the loss accepted",
    accepting,
    repeat(others, flipped("-wal")),
  );
  yield { ...control, failures: [], isControl: true };
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, place: random.seed() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

interface Bench {
  readonly path: string;
  readonly truth: Truth;
  /** What is done where the store lacks what its anchor tells of; refused, unless told otherwise. */
  readonly behind?: "accept" | "refuse";
}

function* repeat(times: number, make: () => Damaged): Generator<Damaged> {
  for (let time = 0; time < times; time += 1) yield make();
}

function tally(what: string, { path, truth, behind = "refuse" }: Bench, damages: Iterable<Damaged>): Row {
  const reports = { "at open": 0, "at reading": 0, "by verify": 0, never: 0 };
  const failures: string[] = [];
  let [undetected, served] = [0, 0];
  for (const { files, what: done } of damages) {
    const { reported, wrong, broken } = judge(path, files, truth, behind);
    reports[reported] += 1;
    failures.push(...broken.map((why) => `${done}: ${why}`));
    if (wrong.length === 0) continue;
    if (reported === "never") {
      undetected += 1;
      failures.push(`${done}: answered wrongly: ${wrong.slice(0, 5).join(", ")}`);
    } else served += 1;
  }
  const times = Object.entries(reports).map(([when, count]) => `${when} ${count}`);
  const note = `reported ${times.join(", ")}; wrong answers before the report in ${served}`;
  const trials = Object.values(reports).reduce((sum, count) => sum + count);
  return { what, trials, unit: "trials", lost: 0, undetected, failures, note };
}
