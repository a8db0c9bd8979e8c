import { once } from "node:events";
import { PassThrough } from "node:stream";
import { onTestFinished } from "vitest";
import { runCli } from "../../../src/cli/run-cli.js";
import type { Desk } from "../command-line.js";

/** A command line at work on a terminal of its own. */
export interface Session {
  /** Presses keys, and gives the rows of the screen as they are then. */
  readonly press: (keys: string) => Promise<readonly string[]>;
  readonly resize: (size: { columns: number; rows: number }) => Promise<readonly string[]>;
  /** The rows of the screen as it was drawn last. */
  readonly rows: () => readonly string[];
  readonly hangUp: () => void;
  readonly ended: Promise<number>;
  /** All that was written to the terminal. */
  readonly written: () => string;
  /** What was done to the terminal, in order. */
  readonly modes: readonly string[];
}

/** Starts a command line on a terminal, and waits for its first screen. */
export async function openSession(
  desk: Desk,
  words: readonly string[],
  { columns = 80, rows = 20, color = false }: { columns?: number; rows?: number; color?: boolean } = {},
): Promise<Session> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const modes: string[] = [];
  const listeners = new Set<() => void>();
  let size = { columns, rows };
  let written = "";
  stdout.on("data", (part: Buffer) => (written += part.toString()));
  const ended = runCli(words, {
    stdin,
    stdout,
    stderr: stdout,
    env: { DURABLE_CONTEXT_STORE: desk.store, ...(!color && { NO_COLOR: "1" }) },
    isTTY: { stdin: true, stdout: true, stderr: true },
    columns,
    interrupts: () => new AbortController().signal,
    terminal: {
      size: () => size,
      setRawMode: (isRaw) => void modes.push(isRaw ? "raw" : "cooked"),
      onResize: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      onDeath: () => {
        modes.push("guarded");
        return () => void modes.push("unguarded");
      },
    },
  });
  onTestFinished(async () => {
    stdin.end();
    await ended;
  });
  const endedEarly = ended.then((code) => {
    throw new Error(`It ended with ${code} before it drew the screen. ${written}`);
  });
  // Whoever waits for a screen is told.
  endedEarly.catch(() => undefined);
  const drawn = async (from = written.length) => {
    while (!written.slice(from).includes("\u001b[J")) await Promise.race([once(stdout, "data"), endedEarly]);
    return rowsOf(written);
  };
  await drawn(0);
  return {
    press: (keys) => {
      const frame = drawn();
      // Keys that end it draw no screen.
      frame.catch(() => undefined);
      stdin.write(keys);
      return frame;
    },
    resize: (next) => {
      const frame = drawn();
      size = next;
      for (const listener of listeners) listener();
      return frame;
    },
    rows: () => rowsOf(written),
    hangUp: () => void stdin.end(),
    ended,
    written: () => written,
    modes,
  };
}

function rowsOf(written: string): readonly string[] {
  const frame = written.slice(written.lastIndexOf("\u001b[H") + "\u001b[H".length);
  return frame
    .slice(0, frame.indexOf("\u001b[J"))
    .split("\r\n")
    .map((row) => row.replace("\u001b[2K", ""));
}
