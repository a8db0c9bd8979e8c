import { ContextError } from "../../core/errors.js";

/** The tables whose rows a rebuild makes anew. */
const derived: ReadonlySet<string> = new Set(["current_keys", "key_changes", "phases", "receipts"]);

/** Compares rows that were read with their checksums. Rows that an older release wrote have none. */
export class RowGuard {
  readonly #store: string;
  readonly #isLenient: boolean;

  /** A lenient guard lets everything pass, for whoever looks for damage. */
  constructor(store: string, { isLenient }: { readonly isLenient: boolean }) {
    this.#store = store;
    this.#isLenient = isLenient;
  }

  /**
   * Lets a row pass that is as it was written.
   * @throws {ContextError} STORE_CORRUPT
   */
  compare(found: number | null, expected: number, table: string, context: number, at: string | number): void {
    if (found === expected || found === null || this.#isLenient) return;
    this.#refuseRow(table, context, at);
  }

  /**
   * Refuses a row whose content was cut off: it reads as if it had none, nor a checksum, as rows of an older
   * release.
   * @throws {ContextError} STORE_CORRUPT
   */
  requireContent(content: string | null, table: string, context: number, at: string | number): void {
    if (content === null) this.#refuseRow(table, context, at);
  }

  /**
   * Tells of damage that is more than one row's.
   * @throws {ContextError} STORE_CORRUPT
   */
  refuse(table: string, why: string): void {
    if (this.#isLenient) return;
    const remedy = derived.has(table)
      ? "; store.verify({ repair: true }) makes such rows anew from the events"
      : "";
    throw new ContextError("STORE_CORRUPT", { store: this.#store, where: `${table}: ${why}${remedy}` });
  }

  #refuseRow(table: string, context: number, at: string | number): void {
    const place = typeof at === "number" ? `#${at}` : JSON.stringify(at);
    this.refuse(table, `the row of context number ${context}, ${place}, is not as it was written`);
  }
}
