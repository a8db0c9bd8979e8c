import type { Command } from "commander";
import {
  decodeValue,
  type Difference,
  encodeValue,
  isContextError,
  type JsonPatchOperation,
  openMemoryStore,
  openStore,
  type Store,
  type StoreWarning,
  toJsonPatch,
  type ValueClass,
} from "../index.js";
import { usageError } from "./cli-error.js";
import type { CliIo } from "./cli-io.js";
import { opaqueClass } from "./stand-in-class.js";
import { Output } from "./output.js";
import { quoteKey } from "./terminal-text.js";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly store?: string;
  readonly json?: true;
  readonly color: "auto" | "always" | "never";
}

/** What a command works with: the world, its output, and the store it was told of. */
export class Cli {
  readonly io: CliIo;
  readonly #program: Command;
  readonly #classes = new Map<string, ValueClass>();
  #output: Output | undefined;

  constructor(io: CliIo, program: Command) {
    this.io = io;
    this.#program = program;
  }

  get output(): Output {
    this.#output ??= new Output(this.io, this.#options.color);
    return this.#output;
  }

  get wantsJson(): boolean {
    return this.#options.json === true;
  }

  /** The store's path, as it was given. */
  get location(): string {
    const location = this.#options.store ?? this.io.env.DURABLE_CONTEXT_STORE;
    if (location !== undefined && location !== "") return location;
    throw usageError(
      "No store was named.",
      "Pass --store FILE, or set DURABLE_CONTEXT_STORE to the file's path.",
    );
  }

  /**
   * Opens the store, or the one at another path, for some work and closes it after, whatever happens. Classes that only the owner's
   * program knows are met on the way: the work then begins again with a stand-in for them, unless it has
   * said something already and does not go on where it was.
   */
  async withStore<Result>(
    work: (store: Store) => Result | Promise<Result>,
    { create = false, goesOn = false, at }: { create?: boolean; goesOn?: boolean; at?: string } = {},
  ): Promise<Result> {
    const open = () => openStore(at ?? this.location, { create, classes: this.#known });
    return this.#withStandIns(open, work, { goesOn });
  }

  /** Does the same with a store that is gone afterwards. */
  async withScratchStore<Result>(work: (store: Store) => Result | Promise<Result>): Promise<Result> {
    return this.#withStandIns(() => openMemoryStore({ classes: this.#known }), work, { goesOn: false });
  }

  /** Does some work that is told the classes itself; it begins again with a stand-in for each that it meets. */
  withClasses<Result>(work: (classes: readonly ValueClass[]) => Result): Result {
    for (;;) {
      try {
        return work(this.#known);
      } catch (error) {
        this.#learn(error);
      }
    }
  }

  /** The JSON text of a value, with what JSON lacks tagged in place. */
  textOf(value: unknown): string {
    return encodeValue(value, { classes: this.#known });
  }

  /** A difference as a JSON Patch. */
  patchOf(difference: Difference): JsonPatchOperation[] {
    return toJsonPatch(difference, { classes: this.#known });
  }

  /** Reads what {@link textOf} wrote. */
  valueOf(text: string): unknown {
    return this.withClasses((classes) => decodeValue(text, { classes }));
  }

  /** The same as a tree, to be part of a document. */
  treeOf(value: unknown): unknown {
    return JSON.parse(this.textOf(value));
  }

  get #options(): GlobalOptions {
    // Commander has checked them against the options that the program declares.
    return this.#program.opts();
  }

  get #known(): readonly ValueClass[] {
    return [...this.#classes.values()];
  }

  async #withStandIns<Result>(
    open: () => Store,
    work: (store: Store) => Result | Promise<Result>,
    { goesOn }: { readonly goesOn: boolean },
  ): Promise<Result> {
    for (;;) {
      try {
        using store = open();
        store.onWarning((warning) => void this.output.note(describeWarning(warning)));
        return await work(store);
      } catch (error) {
        if (this.output.hasBegun && !goesOn) throw error;
        this.#learn(error);
      }
    }
  }

  /** Makes a stand-in for the class that something failed on; anything else goes on failing. */
  #learn(error: unknown): void {
    if (!isContextError(error, "CLASS_UNKNOWN") || this.#classes.has(error.details.name)) throw error;
    const { name } = error.details;
    this.#classes.set(name, opaqueClass(name));
  }
}

function describeWarning(warning: StoreWarning): string {
  if (warning.kind === "anchor")
    return `Warning: the anchor could not be written (${warning.why}); what was written stands.`;
  if (warning.kind === "durability") return `Warning: ${warning.why}`;
  const context = JSON.stringify(warning.context);
  if (warning.kind === "unfit")
    return `Warning: key ${quoteKey(warning.key)} of context ${context} does not fit.`;
  return `Warning: context ${context} has passed its limit ${warning.limit}: ${warning.actual} of ${warning.allowed}.`;
}
