import { spawnSync } from "node:child_process";
import { Script } from "node:vm";
import { CliError, interruption, usageError } from "../cli-error.js";
import type { Judge } from "./judge.js";
import { sealedProgram, type SealedQuestion, wrapExpression } from "./sealed-program.js";

/** What a process may need to start, beside the time of the expression. */
const startMs = 10_000;
const heapMegabytes = 512;

/**
 * Judges by a JavaScript expression over `data` and `version`. Each state is judged in a process of its own:
 * a time limit of node:vm says nothing of memory, and a worker that runs out of it can take its process along.
 * That process has no environment, makes no code of texts and, where Node can say so, reads no files.
 * @throws {CliError} USAGE where the expression cannot be read
 */
export function expressionJudge(expression: string, timeoutSeconds: number): Judge {
  checkSyntax(expression);
  const timeoutMs = timeoutSeconds * 1000;
  return ({ reference, version, json }) => {
    const question: SealedQuestion = {
      expression: wrapExpression(expression),
      version,
      state: json,
      timeoutMs,
    };
    const { stdout, signal, error } = spawnSync(process.execPath, [...flags(), "-e", sealedProgram], {
      input: JSON.stringify(question),
      encoding: "utf8",
      env: {},
      stdio: ["pipe", "pipe", "ignore"],
      timeout: timeoutMs + startMs,
      killSignal: "SIGKILL",
    });
    if (signal === "SIGINT") throw interruption();
    const isLate = error !== undefined && "code" in error && error.code === "ETIMEDOUT";
    return verdictOf(isLate ? "timeout" : stdout, { reference, timeoutSeconds });
  };
}

/** Compiles the expression without running it: between brackets of either kind only one expression can stand. */
function checkSyntax(expression: string): void {
  try {
    new Script(`(${expression}\n)`);
    new Script(`[${expression}\n]`);
  } catch (error) {
    throw usageError(
      `The expression cannot be read: ${(error as Error).message}.`,
      "Pass one JavaScript expression, such as --when 'data.budget < 0'.",
    );
  }
}

function flags(): readonly string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const permission = ["--permission", "--experimental-permission"].filter((flag) => known.has(flag));
  return [
    ...permission.slice(0, 1),
    "--disallow-code-generation-from-strings",
    `--max-old-space-size=${heapMegabytes}`,
  ];
}

function verdictOf(
  answer: string,
  { reference, timeoutSeconds }: { readonly reference: string; readonly timeoutSeconds: number },
): boolean {
  switch (answer) {
    case "yes":
      return true;
    case "no":
      return false;
    case "promise":
      throw failure(`The expression gave a promise on ${reference}, which says neither yes nor no.`);
    case "timeout":
      throw new CliError(
        "EXPRESSION_TIMEOUT",
        "failure",
        `The expression took longer than ${timeoutSeconds} s on ${reference}.`,
        "Allow more with --timeout.",
      );
  }
  if (answer.startsWith("threw ")) {
    throw failure(
      `The expression threw on ${reference}: ${answer.slice("threw ".length)}.`,
      "A key may be missing there: data.plan?.steps asks with care.",
    );
  }
  throw failure(
    `The expression came to no answer on ${reference}; it may have needed more than ${heapMegabytes} MB.`,
  );
}

function failure(message: string, hint?: string): CliError {
  return new CliError("EXPRESSION_FAILED", "failure", message, hint);
}
