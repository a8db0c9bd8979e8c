import { record } from "../core/decide.js";
import { ContextError } from "../core/errors.js";
import { type Origin, storeStream } from "../core/event.js";
import { enforceLimits, limitsOf } from "../core/limits.js";
import { checkId } from "../core/names.js";
import { parsePayload } from "../core/payload.js";
import { importSteps } from "../core/python/import-steps.js";
import type { PythonFile } from "../core/python/read-python.js";
import { initialState, type State } from "../core/state.js";
import { withPatches } from "../core/with-patches.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { project } from "../projections/project.js";
import { lineOf } from "./line.js";
import { appendToStore } from "./manage.js";
import { eachEvent } from "./replay.js";
import type { Site } from "./site.js";
import { projected } from "./unit.js";

/** A file of the original's that was read, and how it is to be imported. */
export interface SessionImport {
  readonly file: PythonFile;
  readonly source: string;
  /** Of the file, in hex. */
  readonly sha256: string;
  /** The id of the new context. */
  readonly name: string;
  /** Whether the file may have been imported before. */
  readonly again: boolean;
  /** Whether nothing is to stay. */
  readonly isDryRun: boolean;
}

/** Of one value as JSON, unless a limit says less: about what a text can have. */
const mostBytes = 2 ** 29 - 2 ** 16;

/**
 * Makes a context of a session of the Python original, by events like any others; gives the state that it has then.
 * @throws {ContextError} PYTHON_INVALID, PYTHON_REFUSED, IMPORT_REPEATED, CONTEXT_EXISTS, ID_INVALID, LIMIT_EXCEEDED
 */
export function* importSession(site: Site, session: SessionImport, origin: Origin): Program<State> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Importing" });
  checkId(session.name);
  const rehearsed = new Rehearsed();
  try {
    return yield* site.engine.write(function* (log) {
      yield* refuseKnown(log, session);
      const state = yield* append(site, log, session, origin);
      if (session.isDryRun) {
        rehearsed.state = state;
        throw rehearsed;
      }
      return state;
    });
  } catch (error) {
    if (error === rehearsed && rehearsed.state !== undefined) return rehearsed.state;
    throw error;
  }
}

/** Ends a transaction of which nothing is to stay. */
class Rehearsed extends Error {
  state: State | undefined;
}

function* refuseKnown(log: WritableLog, { sha256, name, source, again }: SessionImport): Program<void> {
  const before = again ? undefined : yield* findImport(log, sha256);
  if (before !== undefined) throw new ContextError("IMPORT_REPEATED", { source, context: before });
  if ((yield* wait(log.findContext(name))) !== undefined)
    throw new ContextError("CONTEXT_EXISTS", { context: name });
}

/** The id under which a file with this digest was imported; the store's own stream tells. */
function* findImport(log: WritableLog, sha256: string): Program<string | undefined> {
  let found: string | undefined;
  const line = yield* lineOf(log, storeStream);
  const page = { order: "newest", after: undefined, type: "context_imported" } as const;
  yield* eachEvent(log, line, page, ({ payload, sequence }) => {
    const { details } = parsePayload(payload, { context: "", sequence });
    if (details.sha256 === sha256 && typeof details.context === "string") found = details.context;
    return found === undefined;
  });
  return found;
}

function* append(
  site: Site,
  log: WritableLog,
  { file, source, sha256, name }: SessionImport,
  origin: Origin,
): Program<State> {
  const { codec, host, rules } = site;
  const { format, session, repeated } = file;
  const details = { source, sha256, format, ...(repeated.length > 0 && { repeated }) };
  const { valueBytes = mostBytes } = rules.limits.refuse;
  const importing = { name: codec.take(name, "name"), rule: rules.snapshots, newId: host.newId, details };
  const steps = importSteps(session, { ...importing, source, codec, mostBytes: valueBytes });
  let context: number | undefined;
  let state = initialState;
  for (let step = steps.next(); step.done !== true; step = steps.next(state)) {
    const { at, ...draft } = step.value;
    const recorded = record(state, withPatches(state, draft, rules.patches), origin, at, host);
    enforceLimits(limitsOf(state, rules.limits).refuse, name, state, recorded.state, recorded.draft);
    context ??= yield* wait(log.createContext({ name, createdAt: recorded.record.recordedAt }));
    yield* wait(log.append(context, recorded.record, project(projected(recorded, state))));
    state = recorded.state;
  }
  const about = { context: name, source, events: state.sequence, head: state.hash, sha256 };
  yield* appendToStore(site, log, { type: "context_imported", effects: [], details: about }, origin);
  return state;
}
