import type { Row, Setting } from "../part.js";
import { Disk } from "./disk.js";
import { storeName } from "./open-image.js";
import { recordTrace, type Work } from "./record-trace.js";
import { rowOfCuts, type Searched } from "./row-of-cuts.js";
import type { Scratch } from "./scratch.js";
import { searchTrace } from "./search-trace.js";
import type { Deed } from "./trace.js";

interface FailedFlushes {
  /** How many flushes fail, each in a run of its own; those of different files take turns. */
  readonly points: number;
  readonly rounds: number;
  readonly images: number;
  readonly work: Omit<Work, "seed" | "rounds">;
  readonly setting: Setting;
  readonly scratch: Scratch;
}

/**
 * Fails one flush, after which the disk has forgotten what was on its way, though it can still be read. Then the
 * process dies, or another one goes on after its death, or it goes on itself; and the power is cut at all times.
 */
export async function* failFlushes(given: FailedFlushes): AsyncGenerator<Row> {
  const { points, rounds, work, setting, scratch } = given;
  const { random } = setting;
  const seed = random.seed();
  const clean = await recordTrace(scratch.folder, { ...work, seed, rounds });
  const chosen = inTurns(syncsByFile(clean)).slice(0, points);
  const another = { ...work, seed: seed + 1, rounds: 1 };
  const endings = [
    { after: "the process dies", dies: true, heir: undefined },
    { after: "another process goes on", dies: true, heir: another },
    { after: "the process goes on", dies: false, heir: undefined },
  ];
  for (const { after, dies, heir } of endings) {
    const searched: Searched[] = [];
    for (const failSync of chosen) {
      const failing = { ...work, seed, rounds, failSync, dies };
      const trace = await recordTrace(scratch.folder, failing, heir && { heir });
      const found = searchTrace({
        trace,
        random,
        folder: scratch.images,
        images: given.images,
        thoroughEvery: 10,
        keep: scratch.keep,
      });
      const failures = found.failures.map((failure) => `flush ${failSync} fails, ${failure}`);
      searched.push({ seed, found: { ...found, failures } });
    }
    const grouped = work.durability === "grouped" ? ", grouped" : "";
    yield rowOfCuts(`power cut, a flush failed and ${after}${grouped}`, searched);
  }
}

/** The numbers of the flushes, by what they flush; the first is 1. */
function syncsByFile(trace: readonly Deed[]): ReadonlyMap<string, readonly number[]> {
  const disk = new Disk({});
  const found = new Map<string, number[]>();
  let count = 0;
  for (const [number, deed] of trace.entries()) {
    disk.follow(deed, number);
    if (deed.kind !== "sync") continue;
    count += 1;
    const name = disk.fileOf(deed.descriptor);
    // Everything about a draft is alike: nothing has been acknowledged yet.
    const file = name === "folder" || name.startsWith(`${storeName}-`) || name === storeName ? name : "draft";
    found.set(file, [...(found.get(file) ?? []), count]);
  }
  return found;
}

/** The last flush of each file first, then the ones before them: those at the end have the most to lose. */
function inTurns(syncs: ReadonlyMap<string, readonly number[]>): readonly number[] {
  const files = [...syncs.values()].map((numbers) => numbers.toReversed());
  const longest = Math.max(...files.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => files.flatMap((numbers) => numbers[turn] ?? [])).flat();
}
