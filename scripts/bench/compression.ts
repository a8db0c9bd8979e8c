import { join } from "node:path";
import { openStore } from "durable-context";
import { inFolder } from "./folder.js";
import { largeValues } from "./large-values.js";
import { median, timeOf } from "./measure.js";
import type { Table } from "./table.js";

const sizes = [8, 100, 1_000].map((kilobytes) => kilobytes * 1_024);
const versions = 30;
const warmUps = 3;

interface Cost {
  readonly bytes: number;
  readonly set: number;
  readonly get: number;
}

/** Large values written whole, plain and compressed: what they take, and what setting and reading them costs. */
export function compression(): Table {
  const rows = Object.keys(largeValues).flatMap((kind) => sizes.map((size) => rowOf(kind, size)));
  return {
    title: `compression: ${versions} versions of a value, NORMAL; plain → compressed`,
    columns: ["", "KB a version", "ratio", "set, ms", "at(v).get, ms"],
    rows,
  };
}

function rowOf(kind: string, size: number): string[] {
  const values = Array.from({ length: versions + warmUps }, (_, seed) => largeValues[kind]?.(seed, size));
  const [plain, compressed] = inFolder((folder) => costsOf(folder, values));
  const both = (one: keyof Cost, digits: number, unit = 1) =>
    `${(plain[one] / unit).toFixed(digits)} → ${(compressed[one] / unit).toFixed(digits)}`;
  return [
    `${kind}, ${size / 1_024} KB`,
    both("bytes", 1, 1_024),
    (compressed.bytes / plain.bytes).toFixed(2),
    both("set", 2),
    both("get", 2),
  ];
}

/** Both kinds of store by turns, so that a busy time is one for both. */
function costsOf(folder: string, values: readonly unknown[]): [Cost, Cost] {
  using plain = openStore(join(folder, "plain.db"), { durability: "normal" });
  using compressed = openStore(join(folder, "compressed.db"), {
    durability: "normal",
    compression: { overBytes: 4_096 },
  });
  const stores = [plain, compressed] as const;
  const contexts = stores.map((store) => store.context("run"));
  const sets = values.map((value) => contexts.map((context) => timeOf(() => context.set("value", value))));
  const gets = values.map((_, version) =>
    contexts.map((context) => timeOf(() => void context.at(version + 1).get("value"))),
  );
  const later = (times: readonly (readonly number[])[], which: 0 | 1) =>
    median(times.slice(warmUps).map((both) => both[which] ?? NaN));
  const costOf = (which: 0 | 1): Cost => ({
    bytes: stores[which].stats().logBytes / values.length,
    set: later(sets, which),
    get: later(gets, which),
  });
  return [costOf(0), costOf(1)];
}
