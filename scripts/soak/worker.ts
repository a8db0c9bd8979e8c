import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a process that works on a store came to its end, and what it had said. */
export interface End {
  /** Lines that it finished; the last one may have been cut off with its life. */
  readonly lines: readonly string[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly complaints: string;
}

/** How a process is started and ended. */
export interface WorkerOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Kills it so many ms after its first words. */
  readonly killAfterMs?: number;
}

/** Longer than anything takes that these processes do; one that takes it hangs. */
const patienceMs = 60_000;

/** Runs a bundled program to its end, by itself or by a kill. */
export async function runWorker(program: string, argument: unknown, options: WorkerOptions): Promise<End> {
  const child = spawn(process.execPath, [program, JSON.stringify(argument)], {
    env: { ...process.env, ...options.env },
    timeout: patienceMs,
    killSignal: "SIGABRT",
  });
  let said = "";
  let complaints = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  child.stderr.on("data", (part: Buffer) => (complaints += part.toString()));
  const { killAfterMs } = options;
  if (killAfterMs !== undefined)
    child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), killAfterMs));
  // A child process ends with its exit code or the signal that ended it.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { lines: said.split("\n").slice(0, -1), code, signal, complaints };
}

/** What is wrong with the end of a process that was to end by itself, or by a kill; nothing where all is well. */
export function unexpectedEnd({ code, signal, complaints }: End): string[] {
  if (signal === "SIGKILL" || code === 0) return [];
  return [`the process ended with ${String(code ?? signal)}: ${complaints.slice(-600)}`];
}
