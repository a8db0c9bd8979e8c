import { ContextError, isContextError } from "../core/errors.js";
import type { EventRecord, Origin } from "../core/event.js";
import { linkFault } from "../core/link-fault.js";
import { checkId } from "../core/names.js";
import { parsePayload, type StoredPayload } from "../core/payload.js";
import { initialState, type State } from "../core/state.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { appendToStore } from "./manage.js";
import { type Imported, type ImportedEvent, readContexts } from "./read-export.js";
import { reproject } from "./rebuild.js";
import type { Site } from "./site.js";
import { nameOf } from "./workplace.js";

/**
 * Reads an export into the store, all of it or nothing. Events keep their numbers, times and hashes, and
 * every hash is checked.
 * @throws {ContextError} EXPORT_INVALID, EXPORT_NEWER, CONTEXT_EXISTS
 */
export function* importContexts(
  site: Site,
  lines: Iterable<string>,
  source: string,
  origin: Origin,
): Program<readonly string[]> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Loading" });
  return yield* site.engine.write(function* (log) {
    const names: string[] = [];
    for (const imported of readContexts(lines, source)) {
      const name = yield* importContext(site, log, imported, source);
      names.push(name);
      const { events, head } = imported.context;
      const details = { context: name, source, events, head };
      yield* appendToStore(site, log, { type: "context_imported", effects: [], details }, origin);
    }
    return names;
  });
}

function* importContext(
  site: Site,
  log: WritableLog,
  { context: line, at, events }: Imported,
  source: string,
): Program<string> {
  const invalid = (line: number, why: string) => new ContextError("EXPORT_INVALID", { source, line, why });
  const name = readable(() => checkId(line.context), source, at);
  if ((yield* wait(log.findContext(name))) !== undefined)
    throw new ContextError("CONTEXT_EXISTS", { context: name });
  const context = yield* wait(log.createContext({ name, createdAt: line.createdAt }));
  let state: State = initialState;
  let last = at;
  for (const event of events) {
    if (state.sequence === 0 && event.record.recordedAt !== line.createdAt)
      throw invalid(at, "it names another time of creation than its first event");
    state = yield* importEvent(site, log, { context, name, state }, event, source);
    last = event.line;
  }
  const isWhole = state.sequence > 0 && state.hash === line.head && nameOf(state) === name;
  if (!isWhole) throw invalid(last, `context "${name}" is not whole`);
  return name;
}

/** Appends an event that fits what came before it; gives the state after it. */
function* importEvent(
  site: Site,
  log: WritableLog,
  { context, name, state }: { context: number; name: string; state: State },
  { record, line }: ImportedEvent,
  source: string,
): Program<State> {
  const { payload, rows, after } = readable(() => checkedEvent(site, state, record, name), source, line);
  const { idempotencyKey } = record;
  const isReceipt = idempotencyKey !== null && payload.details.receipt !== undefined;
  if (isReceipt && (yield* wait(log.receipt(context, idempotencyKey))) !== undefined) {
    const why = "an earlier event has its idempotency key";
    throw new ContextError("EXPORT_INVALID", { source, line, why });
  }
  try {
    yield* wait(log.append(context, record, rows));
  } catch (error) {
    throw isAboutContent(error) ? unreadable(error, source, line) : error;
  }
  return after;
}

function checkedEvent(
  site: Site,
  before: State,
  record: EventRecord,
  name: string,
): ReturnType<typeof reproject> & { readonly payload: StoredPayload } {
  const payload = parsePayload(record.payload, { context: name, sequence: record.sequence });
  const fault = linkFault(before, record, payload, site.host.digest);
  if (fault !== undefined) throw new Error(fault);
  return { payload, ...reproject(before, record, site.codec, name) };
}

/** What is well formed and hashed may still hold what this release cannot read. */
function readable<Result>(read: () => Result, source: string, line: number): Result {
  try {
    return read();
  } catch (error) {
    throw isContextError(error, "CLASS_UNKNOWN") ? error : unreadable(error, source, line);
  }
}

function unreadable(cause: unknown, source: string, line: number): ContextError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ContextError("EXPORT_INVALID", { source, line, why }, { cause });
}

/** A full disk or a lost lock is no fault of the file; a constraint of the tables that it breaks is. */
function isAboutContent(error: unknown): boolean {
  if (isContextError(error)) return false;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "" || code.includes("CONSTRAINT");
}
