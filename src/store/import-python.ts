import { ContextError } from "../core/errors.js";
import type { Origin } from "../core/event.js";
import type { State } from "../core/state.js";
import type { Program } from "../program/program.js";
import { importSession } from "../workflows/import-session.js";
import type { Site } from "../workflows/site.js";
import type { Attribution } from "./attribution.js";
import { checkFileName, checkFlag, checkObject } from "./check-option.js";
import { isFileOfStore } from "./is-file-of-store.js";
import { readPythonFile } from "./python-file.js";

/** How a session of the Python original is imported. */
export interface PythonImportOptions extends Attribution {
  /** The id of the new context; without it, the session's own. */
  readonly as?: string;
  /** Imports a file that was imported before; it needs an id that is free. */
  readonly again?: boolean;
  /** Does all of it and keeps nothing. */
  readonly dryRun?: boolean;
}

/** What came over from a session of the Python original, or would. */
export interface PythonImport {
  /** The id of the new context. */
  readonly context: string;
  readonly source: string;
  readonly format: "json" | "pickle";
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  readonly sessionId: string;
  readonly version: number;
  /** When the session was begun and last changed, in ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly persistent: readonly string[];
  readonly ephemeral: readonly string[];
  readonly protectedKeys: readonly string[];
  /** How many snapshots and lines of the change log the file has; the original saves the last 10 and 50. */
  readonly snapshots: number;
  readonly changes: number;
  /** Where in a JSON file a key is written twice, as JSON pointers; the last value counts, as in Python. */
  readonly repeated: readonly string[];
  readonly isDryRun: boolean;
}

/**
 * Imports a file that the Python original saved.
 * @throws {ContextError} EXPORT_NOT_FOUND, PYTHON_INVALID, PYTHON_REFUSED, IMPORT_REPEATED, CONTEXT_EXISTS, ID_INVALID
 */
export function* importPython(
  site: Site,
  source: string,
  options: PythonImportOptions,
  origin: Origin,
): Program<PythonImport> {
  const { as, again = false, dryRun: isDryRun = false } = checkObject("options", options);
  checkFlag("again", again);
  checkFlag("dryRun", isDryRun);
  if (isFileOfStore(checkFileName("file", source), site.engine.location)) {
    const why = "it is a file of the store itself";
    throw new ContextError("PYTHON_INVALID", { source, at: "byte 0", why });
  }
  const { file, sha256 } = readPythonFile(source);
  const name = as ?? file.session.sessionId;
  const state = yield* importSession(site, { file, source, sha256, name, again, isDryRun }, origin);
  const { sessionId, createdAt, updatedAt, snapshots, changes } = file.session;
  return Object.freeze({
    ...{ context: name, source, format: file.format, sha256, sessionId, version: state.version },
    createdAt: Math.floor(createdAt * 1000),
    updatedAt: Math.floor(updatedAt * 1000),
    persistent: keysOf(state, "persistent"),
    ephemeral: keysOf(state, "ephemeral"),
    protectedKeys: keysOf(state, "protection"),
    ...{ snapshots: snapshots.length, changes: changes.length },
    repeated: Object.freeze([...file.repeated]),
    isDryRun,
  });
}

function keysOf(state: State, scope: "persistent" | "ephemeral" | "protection"): readonly string[] {
  return Object.freeze([...state.scopes[scope].keys()]);
}
