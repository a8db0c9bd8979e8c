import type { Ending } from "./exit-codes.js";

/** Reports what only the command line can find wrong: its words, and what they name. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;
  readonly ending: Ending;
  readonly hint: string | undefined;

  constructor(code: string, ending: Ending, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.ending = ending;
    this.hint = hint;
  }
}

/** The words given make no command. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError("USAGE", "usage", message, hint);
}

/** Ctrl-C was pressed while a command waited. */
export function interruption(): CliError {
  return new CliError("INTERRUPTED", "interrupted", "Interrupted.");
}
