import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { exitCodes } from "../../../src/cli/exit-codes.js";
import { runCli } from "../../../src/cli/run-cli.js";
import { commandLine, oddStdin } from "./command-lines.js";
import { makeGoodExports } from "./good-exports.js";
import { mutate } from "./mutate-export.js";
import type { Ground, Ordeal, Outcome } from "./ordeal.js";

const codes: readonly number[] = Object.values(exitCodes);

/** So many command lines are run on one store; what some of them do would have the later ones refused. */
const linesOfStage = 40;

/** Runs command lines of odd words, and loads odd files by one, in a folder that has all they may name. */
export async function* wordOrdeals({ folder, random, draws }: Ground): AsyncGenerator<Ordeal> {
  const good = await makeGoodExports(folder);
  const desk = join(folder, "desk");
  for (let draw = 0; draw < draws; draw += 1) {
    if (draw % linesOfStage === 0) setUp(desk, folder);
    const words = draw % 10 === 0 ? ["load", "odd.jsonl"] : commandLine(random);
    if (draw % 10 === 0) writeFileSync(join(desk, "odd.jsonl"), mutate(good, random).bytes);
    const stdin = oddStdin(random);
    const said = words.map((word) => JSON.stringify(word.slice(0, 60))).join(" ");
    yield { what: `command line ${draw}: ${said}`, face: () => run(words, stdin) };
  }
}

/** A folder with a store and whatever the words name; the process stands in it. */
function setUp(desk: string, folder: string): void {
  rmSync(desk, { recursive: true, force: true });
  mkdirSync(join(desk, "folder"), { recursive: true });
  for (const ending of ["", "-anchor"]) {
    copyFileSync(join(folder, `good.db${ending}`), join(desk, `good.db${ending}`));
    copyFileSync(join(folder, `good.db${ending}`), join(desk, `runs.db${ending}`));
  }
  writeFileSync(join(desk, "text.txt"), "text\n");
  process.chdir(desk);
}

async function run(words: readonly string[], stdin: string): Promise<Outcome> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const said: Buffer[] = [];
  for (const stream of [out, err]) stream.on("data", (part: Buffer) => said.push(part));
  const code = await runCli(words, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: out,
    stderr: err,
    env: { DURABLE_CONTEXT_STORE: "runs.db" },
    isTTY: { stdin: false, stdout: false, stderr: false },
    columns: 80,
    interrupts: () => new AbortController().signal,
    terminal: undefined,
  });
  const text = Buffer.concat(said).toString();
  if (!codes.includes(code)) return { wrong: `it ended with ${code}` };
  if (/^ {4}at |TypeError|RangeError|SqliteError|\bbug\b/m.test(text)) return { wrong: text.slice(0, 500) };
  if (code === exitCodes.interrupted) return { wrong: "nobody interrupted it" };
  if (readdirSync(".").some((name) => name.includes(".new"))) return { wrong: "it left a draft behind" };
  return code === exitCodes.ok ? "right" : "refused";
}
