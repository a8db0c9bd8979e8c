import type { Line } from "../difference-lines.js";
import { wrapLine } from "./line-width.js";

/** Lines that may be many: they are made, and broken to a width, when they are first looked at, and kept. */
export class Pane {
  readonly width: number;
  readonly #source: Iterator<Line, unknown>;
  readonly #lines: Line[] = [];
  #isComplete = false;

  constructor(lines: Iterable<Line>, width: number) {
    this.width = width;
    this.#source = wrapLines(lines, width);
  }

  /** At most so many lines from one on. */
  slice(from: number, count: number): readonly Line[] {
    this.#fill(from + count);
    return this.#lines.slice(from, from + count);
  }

  /** Whether there is a line of that number, counted from 0. */
  has(index: number): boolean {
    this.#fill(index + 1);
    return index < this.#lines.length;
  }

  /** The nearest number of lines to scroll by that leaves no room below the last line. */
  clampScroll(scroll: number, height: number): number {
    this.#fill(scroll + height);
    return Math.max(0, Math.min(scroll, this.#lines.length - height));
  }

  #fill(count: number): void {
    while (!this.#isComplete && this.#lines.length < count) {
      const { done, value } = this.#source.next();
      if (done === true) this.#isComplete = true;
      else this.#lines.push(value);
    }
  }
}

function* wrapLines(lines: Iterable<Line>, width: number): Generator<Line, void, void> {
  for (const line of lines) yield* wrapLine(line, width);
}
