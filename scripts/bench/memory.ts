import { join } from "node:path";
import Database from "better-sqlite3";
import { type Context, openStore } from "durable-context";
import { atMost } from "./finding.js";
import { inFolder } from "./folder.js";
import { isolated } from "./isolated.js";
import { median } from "./measure.js";
import { megabytes, type Table } from "./table.js";

const rounds = 3;
const states = {
  "10,000 keys of 1 KB": (context: Context) => {
    for (let key = 0; key < 10_000; key++) context.set(`key_${key}`, smallOf(key));
  },
  "20 keys of 500 KB": (context: Context) => {
    for (let key = 0; key < 20; key++) {
      context.set(
        `document_${key}`,
        Array.from({ length: 500 }, (_, part) => smallOf(key * 500 + part)),
      );
    }
  },
};

interface Held {
  readonly bytes: number;
}

/** What an open context takes, beside its values parsed from JSON and nothing else. */
export function memory(): Table {
  const measured = Object.entries(states).map(([name, fill]) => ({ name, ...measure(fill) }));
  return {
    title: "memory: an open context, in a process of its own",
    columns: ["", "values parsed", "open", "opened and read", "/ parsed"],
    rows: measured.map(({ name, parsed, open, read }) => [
      name,
      megabytes(parsed),
      megabytes(open),
      megabytes(read),
      `${(read / parsed).toFixed(2)}x`,
    ]),
    findings: measured.map(({ name, parsed, read }) =>
      atMost({
        work: `memory of an open context, ${name}`,
        value: read / parsed,
        goal: 1.5,
        unit: "x the parsed state",
      }),
    ),
  };
}

function measure(fill: (context: Context) => void): { parsed: number; open: number; read: number } {
  return inFolder((folder) => {
    const [file, texts] = [join(folder, "held.db"), join(folder, "texts.db")];
    keepTexts(file, texts, fill);
    // What the script prints.
    const held = (way: string) => isolated("held-memory.ts", way, file, texts) as Held;
    const heldBy = (way: string) => median(Array.from({ length: rounds }, () => held(way).bytes));
    return { parsed: heldBy("parsed"), open: heldBy("open"), read: heldBy("read") };
  });
}

/** Writes values to a store, and their JSON to a plain table beside it. */
function keepTexts(file: string, texts: string, fill: (context: Context) => void): void {
  using store = openStore(file, { durability: "normal" });
  const context = store.context("run-42");
  context.batch(() => {
    fill(context);
  });
  const database = new Database(texts);
  database.exec("CREATE TABLE texts (key TEXT, value TEXT)");
  const insert = database.prepare("INSERT INTO texts VALUES (?, ?)");
  for (const key of context.keys()) insert.run(key, JSON.stringify(context.get(key)));
  database.close();
}

function smallOf(seed: number): unknown {
  return {
    id: seed,
    title: `step ${seed}`,
    tags: [`a${seed}`, `b${seed}`, "common"],
    nested: { done: false, weight: seed / 7, by: { name: `worker ${seed % 13}`, at: 1764230400000 + seed } },
    notes: Array.from(
      { length: 8 },
      (_, line) => `line ${line} of ${seed}: the quick brown fox jumps over the lazy dog, ${seed * line}`,
    ),
  };
}
