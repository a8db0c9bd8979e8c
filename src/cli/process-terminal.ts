import type { CliTerminal } from "./cli-io.js";

const deadlySignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The terminal of this process, if both its input and its output are one that can be written all over. */
export function processTerminal(): CliTerminal | undefined {
  const { stdin, stdout, env } = process;
  if (!stdin.isTTY || !stdout.isTTY || env.TERM === "dumb") return undefined;
  return {
    // A terminal that nobody looks at may have no size.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    setRawMode: (isRaw) => void stdin.setRawMode(isRaw),
    onResize: (listener) => {
      stdout.on("resize", listener);
      return () => void stdout.off("resize", listener);
    },
    onDeath,
  };
}

/** A signal still ends the process as it would have; an error that nobody caught, too. */
function onDeath(giveBack: () => void): () => void {
  const stop = () => {
    process.off("exit", giveBack);
    for (const signal of deadlySignals) process.off(signal, die);
  };
  const die = (signal: NodeJS.Signals) => {
    stop();
    try {
      giveBack();
    } finally {
      process.kill(process.pid, signal);
    }
  };
  process.on("exit", giveBack);
  for (const signal of deadlySignals) process.on(signal, die);
  return stop;
}
