/**
 * Tries to make the store lose something, or give a wrong answer, and prints what came of it. `npm run soak --
 * short` takes a few minutes, `npm run soak -- long` about an hour; `--seed 7` repeats a run, `--only kill`
 * runs the parts of these names, `--counts file` writes how many checks held.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../bench/machine.js";
import { holds, type Part, programmes } from "./part.js";
import { parts } from "./parts.js";
import { countEntries, type Entry, formatReport } from "./report.js";
import { runPart } from "./run-part.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    only: { type: "string", multiple: true },
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
const chosen = parts.filter(({ name }) => values.only?.includes(name) ?? true);

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
  let began = performance.now();
  for await (const row of runPart(part, programme ?? "pick", seed)) {
    const seconds = (performance.now() - began) / 1000;
    console.log(`${holds(row) ? "held  " : "BROKEN"}  ${part.name}: ${row.what}, ${seconds.toFixed(1)} s`);
    entries.push({ part: part.name, row, seconds });
    began = performance.now();
  }
}
