/**
 * Imports every session of the Python original in a folder and prints what is not as the `expected.json` beside it
 * says; exit code 1 if anything is. Without an argument, the project's own sessions are checked.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../src/index.js";
import { checkSessions, type CheckedFile } from "../test/python/check-sessions.js";
import { root } from "./run-command.js";

/** Differences shown of one file; all are counted. */
const mostShown = 20;

const [folder = join(root, "test/fixtures/python-sessions")] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "import-check-"));
try {
  using store = openStore(join(work, "checked.db"), { durability: "normal" });
  const files = await checkSessions(folder, store);
  const width = Math.max(...files.map(({ file }) => file.length));
  for (const checked of files) {
    console.log(`${checked.file.padEnd(width)}  ${outcomeOf(checked)}`);
    for (const difference of checked.differences.slice(0, mostShown)) console.log(`    ${difference}`);
  }
  const different = files.filter(({ differences }) => differences.length > 0).length;
  const refused = files.filter((checked) => isRefusedRightly(checked)).length;
  console.log(
    `${files.length} files: ${files.length - different - refused} as expected, ${refused} refused as expected, ${different} different`,
  );
  if (different > 0 || files.length === 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true });
}

function isRefusedRightly({ refused, differences }: CheckedFile): boolean {
  return refused !== undefined && differences.length === 0;
}

function outcomeOf(checked: CheckedFile): string {
  const { refused, differences } = checked;
  if (differences.length > 0)
    return `${differences.length} differences${refused === undefined ? "" : `, ${refused}`}`;
  return refused === undefined ? "as expected" : `refused as expected, ${refused}`;
}
