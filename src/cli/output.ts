import type { Writable } from "node:stream";
import type { CliIo } from "./cli-io.js";
import { toTsv } from "./delimited.js";
import { type Fragment, render } from "./styled-text.js";
import type { JsonShapes } from "./json-shapes.js";
import { alignRows, type Column } from "./table.js";
import { escapeControls, escapeControlsInJson, escapeControlsInLines } from "./terminal-text.js";

/** Whoever read the answer went away, as `head` does; nothing is wrong. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Answers go to stdout, in the form that suits who reads them; messages go to stderr. */
export class Output {
  readonly #io: CliIo;
  /** Whether stdout is a terminal: there, tables are aligned; elsewhere they are TSV. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  readonly width: number;
  /** Whether anything of an answer was written yet. */
  hasBegun = false;

  constructor(io: CliIo, color: "auto" | "always" | "never") {
    this.#io = io;
    this.isTerminal = io.isTTY.stdout === true;
    this.hasColor = color === "always" || (color === "auto" && this.isTerminal && !io.env.NO_COLOR);
    this.width = io.columns ?? 80;
  }

  /** Writes rows: aligned under their titles on a terminal, TSV elsewhere. */
  async table(columns: readonly Column[], rows: readonly (readonly Fragment[])[]): Promise<void> {
    if (!this.isTerminal)
      return this.#write(
        toTsv(rows.map((row) => row.map((cell) => render(cell, { hasColor: this.hasColor })))),
      );
    if (rows.length > 0) await this.#write(alignRows(columns, rows, this));
  }

  /** Writes one line of fragments. */
  async line(...fragments: readonly Fragment[]): Promise<void> {
    await this.#write(
      `${fragments.map((fragment) => render(fragment, { hasColor: this.hasColor })).join("")}\n`,
    );
  }

  /** Writes data as it is; on a terminal its control characters are escaped. */
  async data(text: string): Promise<void> {
    await this.#write(this.isTerminal ? escapeControlsInLines(text) : text);
  }

  /** Writes JSON text on a line of its own. */
  async json(text: string): Promise<void> {
    await this.#write(`${escapeControlsInJson(text)}\n`);
  }

  /** Writes the one JSON document of a command; on a terminal it is indented. */
  async document<Name extends keyof JsonShapes>(_name: Name, content: JsonShapes[Name]): Promise<void> {
    await this.json(JSON.stringify({ format: 1, ...content }, undefined, this.isTerminal ? 2 : undefined));
  }

  /** Tells a person something beside the answer. */
  async note(message: string): Promise<void> {
    await send(this.#io.stderr, `${escapeControls(message)}\n`).catch(() => undefined);
  }

  async #write(text: string): Promise<void> {
    this.hasBegun = true;
    if (text !== "") await send(this.#io.stdout, text);
  }
}

/** Waits until the stream has taken the text. */
function send(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else if ("code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED"))
        reject(new ReaderGone("The reader of the answer went away."));
      else reject(error);
    });
  });
}
