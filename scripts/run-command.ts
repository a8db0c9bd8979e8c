import { spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");

/** Says where a command runs and what its environment has beyond ours. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command, one installed in this project included, and gives back all it printed.
 * @throws {Error} with that output as its message, where the command fails.
 */
export function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [file = "", ...rest] = command;
  const env = { ...process.env, ...options.env };
  env.PATH = [env.PATH ?? "", resolve(root, "node_modules/.bin")].join(delimiter);
  return new Promise((done, fail) => {
    const child = spawn(file, rest, { cwd: options.cwd ?? root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", fail);
    child.on("close", (code, signal) => {
      if (code === 0) done(output);
      else fail(new Error(output.trim() || `${command.join(" ")} ended with ${String(code ?? signal)}`));
    });
  });
}
