import { spawnSync } from "node:child_process";
import { CliError, interruption } from "../cli-error.js";
import type { Judge, JudgedState } from "./judge.js";

/** What a command's exit code says; all others up to 127 say that it has turned. */
const notYet = 0;
const cannotTell = 125;
const aborts = 128;
/** What a shell says of a command that it cannot run. */
const unusable = [126, 127];

/**
 * Judges by a command of the shell, as `git bisect run` does: it gets the state on stdin, and its exit code
 * decides. What it prints goes to stderr.
 */
export function commandJudge(command: string, env: Readonly<Record<string, string | undefined>>): Judge {
  let isFirst = true;
  return (state) => {
    const { status, signal, error } = spawnSync(command, {
      shell: true,
      input: state.json,
      env: { ...env, DURABLE_CONTEXT_VERSION: String(state.version) },
      stdio: ["pipe", 2, 2],
    });
    if (signal === "SIGINT" || status === aborts + 2) throw interruption();
    // A command need not read its input to the end.
    if (error !== undefined && !("code" in error && error.code === "EPIPE")) throw unusableBy(error.message);
    if (isFirst && status !== null && unusable.includes(status)) throw unusableBy(`exit code ${status}`);
    isFirst = false;
    return verdictOf(status, signal, state);
  };
}

function verdictOf(status: number | null, signal: string | null, { reference }: JudgedState): boolean {
  if (status === notYet) return false;
  if (status === cannotTell) {
    throw new CliError(
      "COMMAND_UNDECIDED",
      "failure",
      `The command cannot tell of ${reference} (exit code ${cannotTell}), and no other state can stand for it.`,
      "Name a range that goes around it.",
    );
  }
  if (status !== null && status < aborts) return true;
  const how = signal === null ? `exit code ${String(status)}` : `signal ${signal}`;
  throw new CliError("COMMAND_ABORTED", "failure", `The command ended the search at ${reference} (${how}).`);
}

/** A misspelt command would otherwise have turned everywhere. */
function unusableBy(why: string): CliError {
  return new CliError("COMMAND_UNUSABLE", "failure", `The command cannot be run: ${why}.`);
}
