import { ContextError } from "../errors.js";

/** Says what is wrong with a file, and where in it. */
export class FileFaults {
  readonly source: string;
  readonly #offset: () => number;

  constructor(source: string, offset: () => number) {
    this.source = source;
    this.#offset = offset;
  }

  /** What the file says is no session, or none that can be kept. */
  invalid(why: string, offset = this.#offset()): ContextError {
    return new ContextError("PYTHON_INVALID", { source: this.source, at: `byte ${offset}`, why });
  }

  /** The file asks for something that is more than data. */
  refused(what: string, offset = this.#offset()): ContextError {
    return new ContextError("PYTHON_REFUSED", { source: this.source, at: `byte ${offset}`, what });
  }
}
