import type { Mode, Returns } from "../program/program.js";
import { importPython, type PythonImport, type PythonImportOptions } from "./import-python.js";
import type { StoreCore } from "./store-core.js";
import { StoreUpkeep } from "./store-upkeep.js";
import { originOf } from "./write-options.js";

/** How contexts come in that were no contexts of a store before. */
export class StoreImports<M extends Mode> extends StoreUpkeep<M> {
  readonly #core: StoreCore<M>;

  /** @internal */
  constructor(core: StoreCore<M>) {
    super(core);
    this.#core = core;
  }

  /**
   * Makes a context of a session that the Python original saved, as JSON or as a pickle: its data, protected keys,
   * snapshots and change log, or nothing. Nothing that a pickle names is loaded or called.
   * @example store.importPython("sessions/run-42.pkl", { dryRun: true })
   * @throws {ContextError} EXPORT_NOT_FOUND, PYTHON_INVALID, PYTHON_REFUSED, IMPORT_REPEATED, CONTEXT_EXISTS
   */
  importPython(file: string, options: PythonImportOptions = {}): Returns<M, PythonImport> {
    return this.#core.run(() =>
      importPython(this.#core.site, file, options, originOf(options, this.#core.attribution)),
    );
  }
}
