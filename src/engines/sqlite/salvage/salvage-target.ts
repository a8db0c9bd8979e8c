import { existsSync, linkSync, lstatSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { ContextError } from "../../../core/errors.js";
import { anchorEnding } from "../anchor.js";
import { companions, syncToDisk } from "../file.js";

/** What the names of files end with that a store has beside it. */
const endings = [...companions, anchorEnding] as const;

/** The files that a salvage makes: a draft that nobody sees, until it is whole and takes its name. */
export class SalvageTarget {
  readonly file: string;
  /** Where events go that have no place in a store. */
  readonly unplacedFile: string;
  readonly draft: string;

  /** @throws {ContextError} SALVAGE_EXISTS, EXPORT_UNWRITABLE */
  constructor(file: string, unique: string) {
    this.file = file;
    this.unplacedFile = `${file}.unplaced.jsonl`;
    this.draft = `${file}.${unique}.new`;
    this.#requireFree();
  }

  /** Gives the draft its name; the store is closed, and on the disk. */
  putInPlace(): void {
    try {
      // The file comes last: without what belongs to it, a store is refused.
      for (const ending of endings)
        if (existsSync(this.draft + ending)) linkSync(this.draft + ending, this.file + ending);
      syncToDisk(dirname(this.file));
      linkSync(this.draft, this.file);
    } catch (error) {
      // Somebody may have made a file of that name meanwhile.
      this.#requireFree();
      throw unwritable(error, this.file);
    }
    this.#writing(() => {
      syncToDisk(dirname(this.file));
    });
  }

  /** Removes what is left of the draft. */
  discard(): void {
    for (const ending of ["", ...endings]) rmSync(this.draft + ending, { force: true });
  }

  #requireFree(): void {
    const files = ["", ...endings].map((ending) => this.file + ending);
    const present = [...files, this.unplacedFile].find(
      (path) => this.#writing(() => lstatSync(path, { throwIfNoEntry: false })) !== undefined,
    );
    if (present !== undefined) throw new ContextError("SALVAGE_EXISTS", { target: this.file, present });
  }

  #writing<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      throw unwritable(cause, this.file);
    }
  }
}

function unwritable(cause: unknown, target: string): ContextError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ContextError("EXPORT_UNWRITABLE", { target, why }, { cause });
}
