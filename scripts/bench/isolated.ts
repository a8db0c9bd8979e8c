import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Runs a script of this folder in a process of its own and gives back the JSON that it prints. */
export function isolated(script: string, ...wishes: readonly string[]): unknown {
  const command = ["--import", "tsx", "--expose-gc", join(import.meta.dirname, script), ...wishes];
  const printed = execFileSync(process.execPath, command, { encoding: "utf8", maxBuffer: 2 ** 26 });
  return JSON.parse(printed);
}
