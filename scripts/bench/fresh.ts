import { atMost } from "./finding.js";
import { isolated } from "./isolated.js";
import { storeOfEvents } from "./large-stores.js";
import { median } from "./measure.js";
import type { Table } from "./table.js";

const events = 1_000_000;
const rounds = 15;

interface Read {
  readonly keys: number;
  readonly ms: number;
  readonly importMs: number;
}

/** Opening a store with a long history, and the first read, in processes that did nothing before. */
export async function fresh(): Promise<Table> {
  const file = await storeOfEvents(events);
  const reads = Array.from({ length: rounds }, () => ({
    ours: readBy("ours", file),
    raw: readBy("raw", file),
  }));
  const ratio = median(reads.map(({ ours, raw }) => ours.ms / raw.ms));
  const ways = {
    "openStore, every value of a context": "ours",
    "better-sqlite3, SELECT and JSON.parse": "raw",
  } as const;
  return {
    title: `fresh: open and first read in a fresh process, ${events.toLocaleString("en")} events, 200 keys`,
    columns: ["", "ms", "import before, ms"],
    rows: Object.entries(ways).map(([name, way]) => [
      name,
      median(reads.map((read) => read[way].ms)).toFixed(2),
      median(reads.map((read) => read[way].importMs)).toFixed(0),
    ]),
    findings: [
      atMost({
        work: "open and first read in a fresh process, 1,000,000 events",
        value: ratio,
        goal: 1.5,
        unit: "x raw open and SELECT",
      }),
    ],
  };
}

function readBy(way: "ours" | "raw", file: string): Read {
  // What the script prints.
  const read = isolated("first-read.ts", way, file) as Read;
  if (read.keys !== 200) throw new Error(`${read.keys} keys were read.`);
  return read;
}
