import { emitKeypressEvents, type Interface, type Key } from "node:readline";
import type { CliIo, CliTerminal } from "../cli-io.js";
import type { Frame, Size } from "./frame.js";
import { type KeyPress, readKey } from "./key-press.js";

/** What comes from the terminal. */
export type Input =
  | { readonly kind: "key"; readonly key: KeyPress }
  | { readonly kind: "resized" }
  | { readonly kind: "closed" };

/** The other screen, no wrapping (a frame is as wide as it should be), no cursor; and back. */
const enter = "\u001b[?1049h\u001b[?7l\u001b[?25l";
const leave = "\u001b[0m\u001b[?25h\u001b[?7h\u001b[?1049l";

/** An escape that nothing follows within this time is the key of that name. */
const escapeMs = 50;

/**
 * Takes the terminal over: the second screen, and keys as they are pressed. Whatever ends the program, the
 * terminal is given back as it was.
 */
export class Screen implements Disposable {
  readonly #io: CliIo;
  readonly #terminal: CliTerminal;
  readonly #inputs: Input[] = [];
  readonly #undo: (() => void)[] = [];
  #wake: (() => void) | undefined;

  constructor(io: CliIo, terminal: CliTerminal) {
    this.#io = io;
    this.#terminal = terminal;
    this.#undo.push(terminal.onDeath(() => this.#restore()));
    this.#listen();
    terminal.setRawMode(true);
    io.stdout.write(enter);
    io.stdin.resume();
  }

  get size(): Size {
    return this.#terminal.size();
  }

  /** Whether something was typed that nobody has asked for yet. */
  get hasInput(): boolean {
    return this.#inputs.length > 0;
  }

  /** Whether somebody wants the work in hand to stop; an Escape that said so, and what was typed before, is done. */
  takeStop(): boolean {
    const index = this.#inputs.findIndex(isStop);
    if (index < 0) return false;
    const input = this.#inputs[index];
    this.#inputs.splice(0, input?.kind === "key" && input.key.name === "escape" ? index + 1 : index);
    return true;
  }

  /** The next input, in the order in which they came. */
  async next(): Promise<Input> {
    for (;;) {
      const input = this.#inputs.shift();
      if (input !== undefined) return input;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Shows a frame in one piece. */
  draw({ rows, cursor }: Frame): void {
    const lines = rows.map((row) => `\u001b[2K${row}`).join("\r\n");
    const typing = cursor === undefined ? "\u001b[?25l" : `\r\u001b[${cursor + 1}G\u001b[?25h`;
    this.#io.stdout.write(`\u001b[?25l\u001b[H${lines}\u001b[J${typing}`);
  }

  /** Gives the terminal back. */
  [Symbol.dispose](): void {
    this.#restore();
    for (const undo of this.#undo.splice(0)) undo();
    this.#io.stdin.pause();
  }

  #listen(): void {
    const { stdin } = this.#io;
    // The one member of an interface that is read here; a whole one would read the keys itself.
    emitKeypressEvents(stdin, { escapeCodeTimeout: escapeMs } as unknown as Interface);
    const onKey = (text: string | undefined, key: Key) =>
      this.#take({ kind: "key", key: readKey(text, key) });
    const onEnd = () => this.#take({ kind: "closed" });
    stdin.on("keypress", onKey).on("end", onEnd).on("error", onEnd);
    this.#undo.push(
      () => stdin.off("keypress", onKey).off("end", onEnd).off("error", onEnd),
      this.#terminal.onResize(() => this.#take({ kind: "resized" })),
    );
  }

  #take(input: Input): void {
    this.#inputs.push(input);
    this.#wake?.();
  }

  #restore(): void {
    this.#terminal.setRawMode(false);
    this.#io.stdout.write(leave);
  }
}

function isStop(input: Input): boolean {
  return input.kind === "closed" || (input.kind === "key" && ["escape", "ctrl-c"].includes(input.key.name));
}
