import { CommanderError } from "commander";
import { type ErrorCode, isContextError } from "../index.js";
import { CliError } from "./cli-error.js";
import { type Ending, endingOf } from "./exit-codes.js";
import { quoteKey } from "./terminal-text.js";

/** What is told of a failure, and how it ends the command. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly ending: Ending;
}

/** What to do at the command line about a refusal whose message speaks to a program. */
const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  CONTEXT_NOT_FOUND: "`durable-context contexts` lists what there is.",
  STORE_NOT_FOUND:
    "Check --store and DURABLE_CONTEXT_STORE; `set --create`, `merge --create` and `load` make a store.",
  ADDRESS_NOT_FOUND: "`durable-context log` shows the versions, `durable-context snapshots` the snapshots.",
  BASE_REQUIRED: "Pass --base with the point that both sides started from, such as --base @17.",
  PREFIX_REQUIRED: "Pass --prefix.",
  CONTEXT_HAS_FORKS:
    "Pass --keep-for-forks to keep only what they need; `durable-context lineage` shows them.",
  VALUE_ERASED: "Pass --keep-erased.",
  EVENT_UNREADABLE: "`durable-context save` may still read the other contexts.",
};

/** Says what is to be told of anything thrown; a failure that nobody foresaw shows its own message. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliError) {
    const { code, message, hint, ending } = error;
    return { code, message, hint, ending };
  }
  if (error instanceof CommanderError) return usageFailure(error);
  if (isContextError(error)) {
    const { code, message } = error;
    return { code, message, hint: hints[code], ending: endingOf(code) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "UNEXPECTED", message, hint: undefined, ending: "failure" };
}

function usageFailure({ message }: CommanderError): Failure {
  const [what = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  return {
    code: "USAGE",
    message: /[.!?]$/.test(sentence) ? sentence : `${sentence}.`,
    hint: suggestion?.replace(/^\((.*)\)$/, "$1"),
    ending: "usage",
  };
}

/** The failure of naming a key that has no value. */
export function keyNotFound(reference: string, key: string): CliError {
  return new CliError(
    "KEY_NOT_FOUND",
    "notFound",
    `There is no key ${quoteKey(key)} in ${reference}.`,
    "`durable-context show` lists the keys.",
  );
}
