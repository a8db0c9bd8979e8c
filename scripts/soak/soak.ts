/**
 * Tries to make the store lose something, or give a wrong answer, and prints what came of it. `npm run soak --
 * short` takes a few minutes, `npm run soak -- long` about an hour; `--seed 7` repeats a run, `--only kill`
 * runs the parts of these names, `--lane 1/2` every second one, `--counts file` writes how many checks held.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../bench/machine.js";
import { holds, type Part, programmes, type Row } from "./part.js";
import { parts } from "./parts.js";
import { countEntries, type Entry, formatReport } from "./report.js";
import { runPart } from "./run-part.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    only: { type: "string", multiple: true },
    lane: { type: "string", default: "1/1" },
    counts: { type: "string" },
  },
});
const programme = programmes.find((name) => name === positionals[0]);
const unknown = values.only?.find((name) => !parts.some((part) => part.name === name));
if (programme === undefined || unknown !== undefined) {
  console.error(`Say one of ${programmes.join(", ")}; parts: ${parts.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const [lane = 1, lanes = 1] = values.lane.split("/").map(Number);
const chosen = parts
  .filter(({ name }) => values.only?.includes(name) ?? true)
  .filter((_, place) => place % lanes === lane - 1);

/** What a part that fails by itself has found: nothing, and that is a failure. */
const nothing = { trials: 0, unit: "rows", lost: 0, undetected: 0 };

const startedAt = new Date();
console.log(`${describeMachine()}\nseed ${seed}\n`);
const entries: Entry[] = [];
for (const part of chosen) await report(part);
console.log(`\n${formatReport(`${programme} run of ${startedAt.toISOString()}, seed ${seed}`, entries)}`);
const counts = countEntries(entries);
const { passed, failed, skipped } = counts;
if (values.counts !== undefined) writeFileSync(values.counts, JSON.stringify(counts));
console.log(`${passed} checks held, ${failed} did not, ${skipped} parts skipped`);
if (failed > 0) process.exitCode = 1;

async function report(part: Part): Promise<void> {
  const reason = part.lacking();
  if (reason !== undefined) {
    console.log(`SKIPPED ${part.name}: ${reason}`);
    entries.push({ part: part.name, skipped: reason });
    return;
  }
  try {
    await runRows(part);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    note(part, { ...nothing, what: `${part.name} came to its end`, failures: [why] }, 0);
  }
}

async function runRows(part: Part): Promise<void> {
  let began = performance.now();
  for await (const row of runPart(part, programme ?? "pick", seed)) {
    note(part, row, (performance.now() - began) / 1000);
    began = performance.now();
  }
}

function note(part: Part, row: Row, seconds: number): void {
  const verdict = holds(row) ? "held  " : "BROKEN";
  console.log(
    `${verdict}  ${part.name}: ${row.what}, ${row.trials} ${row.unit}, ${row.lost} lost, ${row.undetected} undetected, ${seconds.toFixed(1)} s`,
  );
  entries.push({ part: part.name, row, seconds });
}
