import { createInterface } from "node:readline/promises";
import { CliError, interruption, usageError } from "./cli-error.js";
import type { CliIo } from "./cli-io.js";
import { escapeControls } from "./terminal-text.js";

/** Asks before something that cannot be undone; where nobody can answer, it never waits for one. */
export async function confirm(io: CliIo, question: string): Promise<void> {
  if (io.isTTY.stdin !== true || io.isTTY.stderr !== true) {
    throw usageError(
      "This cannot be undone, and there is no terminal to ask on.",
      "Pass --yes if you mean it.",
    );
  }
  const reader = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await ask(reader, `${escapeControls(question)} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    reader.close();
  }
  throw new CliError("NOT_CONFIRMED", "failure", "Nothing was done.");
}

/** Ctrl-C and the end of the input both leave a question without an answer. */
function ask(reader: ReturnType<typeof createInterface>, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    reader.once("SIGINT", () => reject(interruption()));
    reader.once("close", () => resolve(""));
    reader.question(question).then(resolve, reject);
  });
}
