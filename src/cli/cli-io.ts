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
  /** The terminal that stdin and stdout are, for a command that fills it; undefined where one is none. */
  readonly terminal: CliTerminal | undefined;
}

/** What a command needs that takes a terminal over. */
export interface CliTerminal {
  /** The size it has now. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Whether keys are handed over as they are pressed, and not shown. */
  readonly setRawMode: (isRaw: boolean) => void;
  /** Tells of every new size, until it is told to stop. */
  readonly onResize: (listener: () => void) => () => void;
  /** Has the terminal given back should the process end before it is told to stop. */
  readonly onDeath: (giveBack: () => void) => () => void;
}
