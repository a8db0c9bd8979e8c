import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "durable-context";
import { root } from "../run-command.js";
import { dim, print } from "./terminal.js";

/** A process of the orchestration. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts the orchestration as a process of its own, and passes on what it says. */
export function start(given: readonly string[]): Running {
  const script = join(root, "scripts/demo/orchestrate.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, ...given], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    print(`${dim(`   ${child.pid ?? "?"} |`)} ${line}`);
  });
  const ended = Promise.all([once(child, "close"), once(lines, "close")]).then(([[code, signal]]): Ended => {
    // What "close" is emitted with.
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  return { process: child, ended };
}

/**
 * Watches the store until half of the research is done, and kills the process then. No signal can be caught
 * less: the process gets no chance to save anything.
 */
export async function killHalfWay({ process: child, ended }: Running, store: Store): Promise<Ended> {
  while (!isHalfDone(store)) {
    if (child.exitCode !== null) throw new Error(`The process ended by itself, with ${child.exitCode}.`);
    await pause(10);
  }
  child.kill("SIGKILL");
  return await ended;
}

/** What another process wrote is seen after a refresh. */
function isHalfDone(store: Store): boolean {
  const ctx = store.find<{ progress: { done: number; of: number } }>("describe-repository");
  ctx?.refresh();
  const { done, of } = ctx?.get("progress") ?? { done: 0, of: 1 };
  return done >= of / 2;
}
