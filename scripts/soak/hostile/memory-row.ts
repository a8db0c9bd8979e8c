import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleChild } from "../bundle.js";
import { inTurn } from "../in-turn.js";
import type { Programme, Row } from "../part.js";
import { runWorker, unexpectedEnd } from "../worker.js";
import { makeGoodExports } from "./good-exports.js";
import { smallFiles, writeSmallFile } from "./small-files.js";

/** The most that a small file may take. */
const mostKilobytes = 256 * 1024;

/** How many of the small files are loaded. */
const amounts: Readonly<Record<Programme, number>> = { pick: 2, short: 6, long: Infinity };

/** Loads small files that want much memory, each in a process that is asked what it took. */
export async function faceSmallFiles(
  folder: string,
  giveAway: (path: string) => void,
  programme: Programme,
): Promise<Row> {
  mkdirSync(folder);
  const good = join(folder, "alone.jsonl");
  const { alone } = await makeGoodExports(folder);
  writeFileSync(good, alone);
  const program = await bundleChild("digest");
  const chosen = Object.keys(smallFiles).slice(0, amounts[programme]);
  const files = chosen.map((what) => ({ what, file: writeSmallFile(folder, what, alone) }));
  for (const file of [folder, good, ...files.map(({ file }) => file)]) giveAway(file);
  const failures: string[] = [];
  let most = { kilobytes: 0, what: "" };
  await inTurn(files, async ({ what, file }) => {
    const end = await runWorker(program, { folder, good, file }, {});
    // It is the process's last word, and ours.
    const told = JSON.parse(end.lines.at(-1) ?? "null") as { outcome: string; kilobytes: number } | null;
    if (told === null) return void failures.push(...unexpectedEnd(end).map((why) => `${what}: ${why}`));
    const { outcome, kilobytes } = told;
    if (outcome !== "refused" && outcome !== "right") failures.push(`${what}: ${outcome}`);
    if (kilobytes > mostKilobytes) failures.push(`${what}: it took ${kilobytes} kB`);
    if (kilobytes > most.kilobytes) most = { kilobytes, what };
  });
  const note = `${Math.round(most.kilobytes / 1024)} MB at most (${most.what})`;
  return {
    what: "small files that want much memory",
    unit: "files",
    trials: files.length,
    lost: 0,
    undetected: 0,
    failures,
    note,
  };
}
