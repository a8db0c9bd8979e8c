/**
 * Plays an orchestration, kills its process in the middle of a phase, starts it again, and shows and checks what
 * came of it:
 *
 *     npm run demo              works in a temporary folder, which it removes
 *     npm run demo -- <folder>  leaves the store, the report and the diary there
 *
 * It ends with 0 only if everything it shows was checked. The example to learn from is orchestrate.ts.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openStore } from "durable-context";
import { root } from "../run-command.js";
import { killHalfWay, start } from "./processes.js";
import { showHistory, showStateAfterKill } from "./show.js";
import { bold, print } from "./terminal.js";
import { verify } from "./verify.js";

const given = process.argv[2];
const results = given === undefined ? mkdtempSync(join(tmpdir(), "durable-context-demo-")) : resolve(given);
mkdirSync(results, { recursive: true });
try {
  process.exitCode = (await play()) ? 0 : 1;
} finally {
  if (given === undefined) rmSync(results, { recursive: true, force: true });
}

/** Tells whether everything held. */
async function play(): Promise<boolean> {
  const storeFile = join(results, "store.db");
  using store = openStore(storeFile, { actor: "demo" });
  const command = [storeFile, root, results];

  print(bold("1. A process plans, begins its research, and is killed in the middle of it"));
  const killed = await killHalfWay(start(command), store);
  const found = showStateAfterKill(store);

  print(bold("2. The same command again, in a new process"));
  const ended = await start(command).ended;
  if (ended.code !== 0)
    return failed([`the second process ended with ${ended.code ?? ended.signal ?? "nothing"}`]);

  print(bold("3. What the store knows now"));
  showHistory(store, results);

  print(bold("4. Checked"));
  const problems = verify({
    store,
    results,
    folder: root,
    killedBy: killed.signal,
    foundBeforeKill: found,
    say: print,
  });
  if (problems.length > 0) return failed(problems);
  print(given === undefined ? "\nAll of it held." : `\nAll of it held. The files are in ${results}.`);
  return true;
}

function failed(problems: readonly string[]): false {
  for (const problem of problems) console.error(`FAILED: ${problem}`);
  return false;
}
