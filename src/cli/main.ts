#!/usr/bin/env node
/**
 * The command line: a caller of the public API like any other. Commands turn words into calls and answers
 * into text; no rule of the store lives here.
 */
import { processTerminal } from "./process-terminal.js";
import { runCli } from "./run-cli.js";

const { stdin, stdout, stderr, env, argv } = process;

process.exitCode = await runCli(argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  isTTY: {
    stdin: stdin.isTTY,
    stdout: stdout.isTTY,
    stderr: stderr.isTTY,
  },
  columns: stdout.columns,
  interrupts: () => {
    const controller = new AbortController();
    process.once("SIGINT", () => controller.abort());
    return controller.signal;
  },
  terminal: processTerminal(),
});
