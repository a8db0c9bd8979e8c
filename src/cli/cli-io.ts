import type { Readable, Writable } from "node:stream";

/** The world as the command line sees it; tests hand in their own. */
export interface CliIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which of them are terminals; a stream that is none may say nothing. */
  readonly isTTY: Readonly<Record<"stdin" | "stdout" | "stderr", boolean | undefined>>;
  /** Width of the terminal, where there is one. */
  readonly columns: number | undefined;
  /**
   * Begins to listen for Ctrl-C. Only commands that wait do so: a command at work is ended by the signal
   * itself, which the store survives.
   */
  readonly interrupts: () => AbortSignal;
}
