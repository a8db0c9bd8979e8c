/**
 * Plays recordings of the original on the SQLite engine and prints what differs; exit code 1 if anything
 * does. The argument names a folder of recordings (*.jsonl); without one, the project's own are played.
 */
import { join } from "node:path";
import { readRecordings } from "../test/conformance/recording.js";
import { replayAll, type Report } from "../test/conformance/replay.js";
import { root } from "./run-command.js";

/** Differences shown of one file; all are counted. */
const mostShown = 20;

const [folder = join(root, "test/fixtures/conformance")] = process.argv.slice(2);
try {
  const files = readRecordings(folder).map(({ name, recordings }) => ({ name, ...replayAll(recordings) }));
  for (const { name, differences } of files) {
    for (const { step, path, recorded, observed } of differences.slice(0, mostShown)) {
      console.log(`${name} ${step} ${path}: recorded ${recorded}, observed ${observed}`);
    }
    const more = differences.length - mostShown;
    if (more > 0) console.log(`${name}: ${more} more differences`);
  }
  for (const { name, ...report } of files) console.log(`${name}: ${summaryOf(report)}`);
  if (files.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function summaryOf({ sequences, steps, compared, strict, differences }: Report): string {
  return `${sequences} sequences, ${steps} steps, ${compared} compared (${strict} in full), ${differences.length} differences`;
}
