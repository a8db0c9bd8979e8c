import { lackingShim } from "../compile-shim.js";
import type { Part, Setting } from "../part.js";
import { cutAgain, lengthenAnchor } from "../power/cut-again.js";
import { failFlushes } from "../power/fail-flushes.js";
import { recordTrace, type Work } from "../power/record-trace.js";
import { rowOfCuts, type Searched } from "../power/row-of-cuts.js";
import { makeScratch, type Scratch } from "../power/scratch.js";
import { type Search, searchTrace } from "../power/search-trace.js";

/** How many traces, and how many images of each. */
interface Size {
  readonly traces: number;
  readonly rounds: number;
  readonly images: number;
}

const sizes = {
  pick: {
    everyday: { traces: 1, rounds: 3, images: 150 },
    grouped: { traces: 1, rounds: 3, images: 60 },
    longLog: { traces: 0, rounds: 0, images: 0 },
    copies: { traces: 1, rounds: 1, images: 30 },
    prunings: { traces: 1, rounds: 3, images: 20 },
    again: { traces: 1, rounds: 1, images: 40 },
    longAnchor: { traces: 1, rounds: 1, images: 30 },
    control: { traces: 1, rounds: 1, images: 20 },
    failed: { points: 1, rounds: 1, images: 15 },
  },
  short: {
    everyday: { traces: 1, rounds: 5, images: 300 },
    grouped: { traces: 1, rounds: 6, images: 200 },
    longLog: { traces: 1, rounds: 14, images: 60 },
    copies: { traces: 1, rounds: 1, images: 80 },
    prunings: { traces: 1, rounds: 3, images: 60 },
    again: { traces: 1, rounds: 2, images: 100 },
    longAnchor: { traces: 1, rounds: 1, images: 100 },
    control: { traces: 1, rounds: 4, images: 80 },
    failed: { points: 3, rounds: 1, images: 20 },
  },
  long: {
    everyday: { traces: 24, rounds: 8, images: 1_000 },
    grouped: { traces: 12, rounds: 8, images: 600 },
    longLog: { traces: 3, rounds: 16, images: 300 },
    copies: { traces: 10, rounds: 2, images: 400 },
    prunings: { traces: 10, rounds: 4, images: 400 },
    again: { traces: 16, rounds: 3, images: 150 },
    longAnchor: { traces: 10, rounds: 2, images: 300 },
    control: { traces: 5, rounds: 6, images: 300 },
    failed: { points: Infinity, rounds: 2, images: 40 },
  },
};

/** A log that is emptied often, and so stays small. */
const everyday = { reopens: 0.3, redacts: 0.4, textLength: 700 };
/** Writes of a turn are committed together, and told of once they are. */
const grouped = { ...everyday, durability: "grouped" } as const;
/** A log so long that SQLite writes it into the database by itself, and begins it again. */
const longLog = { reopens: 0, redacts: 0, textLength: 120_000 };

/** Cuts the power at every point of real work, and opens what a disk may then hold. */
export const power: Part = {
  name: "power",
  lacking: lackingShim,
  async *run(setting) {
    using scratch = makeScratch();
    const size = sizes[setting.programme];
    const cut = cutter(setting, scratch);
    yield rowOfCuts("power cut", await cut(size.everyday, everyday));
    if (size.longLog.traces > 0)
      yield rowOfCuts("power cut with a long log", await cut(size.longLog, longLog));
    yield rowOfCuts(
      "power cut at a backup and an export",
      await cut(size.copies, { ...everyday, copies: true }),
    );
    const pruned = await cut(size.prunings, { ...everyday, reopens: 0, prunes: true });
    yield rowOfCuts("power cut at a pruning", pruned);
    const again = { ...size.again, setting, scratch, work: everyday };
    yield rowOfCuts("power cut while going on after one", await cutAgain(again));
    const begun = await cutAgain({ ...again, ...size.longAnchor, prepare: lengthenAnchor });
    yield rowOfCuts("power cut when the anchor is begun anew", begun);
    yield* failFlushes({ ...size.failed, setting, scratch, work: everyday });
    yield rowOfCuts("power cut, durability grouped", await cut(size.grouped, grouped));
    if (setting.programme !== "pick") yield* failFlushes({ ...size.failed, setting, scratch, work: grouped });
    const control = { isControl: true } as const;
    const normal = await cut(size.control, { ...everyday, durability: "normal" });
    yield rowOfCuts("power cut, durability normal", normal, control);
    const early = await cut(size.control, { ...grouped, tellsAtOnce: true });
    yield rowOfCuts("power cut, durability grouped, told before it is durable", early, control);
    const off = await cut(size.control, { ...everyday, syncsNever: true });
    yield rowOfCuts("power cut, synchronous off", off, control);
    const lying = await cut(size.control, everyday, { lies: true });
    yield rowOfCuts("power cut, a disk that lies about flushes", lying, control);
  },
};

/** Gives what records work and cuts the power in it. */
function cutter({ random, programme }: Setting, { folder, images, keep }: Scratch) {
  return async (
    size: Size,
    work: Omit<Work, "seed" | "rounds">,
    disk: Pick<Search, "lies"> = {},
  ): Promise<readonly Searched[]> => {
    const searched: Searched[] = [];
    // What a control breaks is of no interest afterwards.
    const { syncsNever = false, durability, tellsAtOnce = false } = work;
    const isControl = disk.lies === true || syncsNever || durability === "normal" || tellsAtOnce;
    for (let count = 0; count < size.traces; count += 1) {
      const seed = random.seed();
      const trace = await recordTrace(folder, { ...work, seed, rounds: size.rounds });
      const kept = isControl ? {} : { keep };
      const thoroughEvery = programme === "long" ? 5 : 10;
      const search = { trace, random, folder: images, images: size.images, thoroughEvery, ...disk, ...kept };
      searched.push({ seed, found: searchTrace(search) });
    }
    return searched;
  };
}
