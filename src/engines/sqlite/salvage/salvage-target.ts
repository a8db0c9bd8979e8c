import { existsSync, linkSync, lstatSync } from "node:fs";
import { dirname } from "node:path";
import { ContextError } from "../../../core/errors.js";
import { writing } from "../../../core/writing.js";
import { discardDraft, storeCompanions, syncToDisk } from "../file.js";

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
      writing(this.file, () => {
        // The file comes last: without what belongs to it, a store is refused.
        for (const ending of storeCompanions)
          if (existsSync(this.draft + ending)) linkSync(this.draft + ending, this.file + ending);
        syncToDisk(dirname(this.file));
        linkSync(this.draft, this.file);
      });
    } catch (error) {
      // Somebody may have made a file of that name meanwhile.
      this.#requireFree();
      throw error;
    }
    writing(this.file, () => {
      syncToDisk(dirname(this.file));
    });
  }

  /** Removes what is left of the draft. */
  discard(): void {
    discardDraft(this.draft);
  }

  #requireFree(): void {
    const files = ["", ...storeCompanions].map((ending) => this.file + ending);
    const present = [...files, this.unplacedFile].find(
      (path) => writing(this.file, () => lstatSync(path, { throwIfNoEntry: false })) !== undefined,
    );
    if (present !== undefined) throw new ContextError("SALVAGE_EXISTS", { target: this.file, present });
  }
}
