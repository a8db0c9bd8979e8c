import { Cli } from "./cli.js";
import type { CliIo } from "./cli-io.js";
import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.js";
import { Findings } from "./findings.js";
import { ReaderGone } from "./output.js";
import { createProgram } from "./program.js";
import { type Failure, failureOf } from "./report-error.js";
import { escapeControls, escapeControlsInJson } from "./terminal-text.js";

/** Runs one command line (without node and script) and gives its exit code. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  // A stream whose reader is gone says so to the write, too; unheard, the event would end the process.
  for (const stream of [io.stdout, io.stderr]) stream.on("error", () => undefined);
  const program = createProgram(io, (own) => new Cli(io, own));
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    return endOf(error, argv, io);
  }
}

function endOf(error: unknown, argv: readonly string[], io: CliIo): number {
  if (error instanceof ReaderGone) return exitCodes.ok;
  if (error instanceof Findings) return exitCodes.findings;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    // The help that was asked for by giving no command at all has been shown.
    if (error.code === "commander.help") return exitCodes.usage;
  }
  const failure = failureOf(error);
  if (failure.ending !== "interrupted") io.stderr.write(report(failure, asksForJson(argv)));
  return exitCodes[failure.ending];
}

function report({ code, message, hint }: Failure, isJson: boolean): string {
  if (isJson) {
    return `${escapeControlsInJson(JSON.stringify({ format: 1, error: { code, message, hint } }))}\n`;
  }
  const lines = [`durable-context: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])];
  return lines.map((line) => `${escapeControls(line)}\n`).join("");
}

/** Errors in the words themselves are found before any option is read. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === "--json" || word === "--jsonl");
}
