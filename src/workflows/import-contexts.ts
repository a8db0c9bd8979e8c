import { ContextError, isContextError } from "../core/errors.js";
import type { EventRecord, Origin } from "../core/event.js";
import { Erasures } from "../core/erasures.js";
import type { ContextLine } from "../core/export-format.js";
import { linkFault } from "../core/link-fault.js";
import { checkId } from "../core/names.js";
import { parsePayload, type StoredPayload } from "../core/payload.js";
import { misstatedSize } from "../core/misstated-size.js";
import { initialState, type State } from "../core/state.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { RowWrite } from "../projections/rows.js";
import { inheritedRows } from "./fork.js";
import { lineOf, segmentAt, stampIn } from "./line.js";
import { appendToStore } from "./manage.js";
import { type Begun, importBaseline, type ProvenBaseline, tellsOfAnother } from "./import-baseline.js";
import { type Imported, type ImportedEvent, readContexts } from "./read-export.js";
import { reproject } from "./rebuild.js";
import type { Site } from "./site.js";
import { stateAt } from "./state-at.js";
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
    const contexts = new Map<string, number>();
    for (const imported of readContexts(lines, source)) {
      const { context: name, events, head } = imported.context;
      const { context, baseline } = yield* importContext(site, log, imported, { source, contexts });
      contexts.set(name, context);
      const details = { context: name, source, events, head, ...(baseline !== undefined && { baseline }) };
      yield* appendToStore(site, log, { type: "context_imported", effects: [], details }, origin);
    }
    return [...contexts.keys()];
  });
}

interface Import {
  readonly source: string;
  /** The contexts that were read so far, by the names that they have in the file. */
  readonly contexts: ReadonlyMap<string, number>;
}

/** A context that was imported; where it had been pruned, with the digest of its baseline. */
interface ImportedContext {
  readonly context: number;
  readonly baseline: string | undefined;
}

function* importContext(
  site: Site,
  log: WritableLog,
  imported: Imported,
  { source, contexts }: Import,
): Program<ImportedContext> {
  const { context: line, at } = imported;
  const name = readable(() => checkId(line.context), source, at);
  if ((yield* wait(log.findContext(name))) !== undefined)
    throw new ContextError("CONTEXT_EXISTS", { context: name });
  const parent = line.fork === undefined ? undefined : contexts.get(line.fork.parent);
  if (line.fork !== undefined && parent === undefined)
    throw invalid(source, at, "its parent does not come before it");
  const begun = yield* begin(site, log, imported, { source, parent });
  const erasures = new Erasures(begun.state.sequence, begun.baseline?.erased);
  const { state, last } = yield* importEvents(site, log, imported, begun, { source, erasures });
  const isWhole = last > at && state.hash === line.head && nameOf(state) === name;
  if (!isWhole) throw invalid(source, last, `context "${name}" is not whole`);
  const misstated = misstatedSize(state);
  if (misstated !== undefined)
    throw invalid(source, last, `a patch tells another size of key ${JSON.stringify(misstated)} than it has`);
  const [fault] = erasures.faults;
  if (fault !== undefined) throw invalid(source, last, `event #${fault.sequence}: ${fault.why}`);
  return { context: begun.context, baseline: begun.baseline?.digest };
}

/** Appends the events of a context to what it begins with; gives the state after them, and the last line. */
function* importEvents(
  site: Site,
  log: WritableLog,
  { context: line, at, events }: Imported,
  { context, baseline, ...begun }: Begun,
  { source, erasures }: { readonly source: string; readonly erasures: Erasures },
): Program<{ readonly state: State; readonly last: number }> {
  let { state, inherited } = begun;
  let last = at + (baseline?.events ?? 0);
  for (const event of events) {
    if (event.line === at + 1 && event.record.recordedAt !== line.createdAt)
      throw invalid(source, at, "it names another time of creation than its first event");
    const place = { context, name: line.context, state, inherited };
    state = yield* importEvent(site, log, place, event, { source, erasures, baseline });
    inherited = [];
    last = event.line;
  }
  return { state, last };
}

function invalid(source: string, line: number, why: string): ContextError {
  return new ContextError("EXPORT_INVALID", { source, line, why });
}

function* begin(
  site: Site,
  log: WritableLog,
  { context: line, at, events }: Imported,
  { source, parent }: { readonly source: string; readonly parent: number | undefined },
): Program<Begun> {
  const { floor } = line;
  if (floor !== undefined)
    return yield* importBaseline(site, log, { ...line, floor }, events, { source, at });
  const missing = () => invalid(source, at, "its parent has no such event");
  return yield* beginContext(site, log, line, parent, missing);
}

/** Makes the row of a context; of a fork, with the state that it begins on and the rows that it inherits. */
function* beginContext(
  site: Site,
  log: WritableLog,
  { context: name, createdAt, fork }: ContextLine,
  parent: number | undefined,
  missing: () => ContextError,
): Program<Begun> {
  if (fork === undefined || parent === undefined) {
    const context = yield* wait(log.createContext({ name, createdAt }));
    return { context, state: initialState, inherited: [], baseline: undefined };
  }
  const line = yield* lineOf(log, parent);
  if ((yield* stampIn(log, line, fork.sequence)) === undefined) throw missing();
  const state = yield* stateAt(site, log, line, fork.sequence);
  const owner = segmentAt(line, fork.sequence).context;
  const origin = { parent: owner, sequence: fork.sequence };
  const context = yield* wait(log.createContext({ name, createdAt, fork: origin }));
  return { context, state, inherited: inheritedRows(state, line, site.codec), baseline: undefined };
}

interface Place {
  readonly context: number;
  readonly name: string;
  readonly state: State;
  readonly inherited: readonly RowWrite[];
}

/** Appends an event that fits what came before it; gives the state after it. */
function* importEvent(
  site: Site,
  log: WritableLog,
  { context, name, state, inherited }: Place,
  { record, line }: ImportedEvent,
  {
    source,
    erasures,
    baseline,
  }: { source: string; erasures: Erasures; baseline: ProvenBaseline | undefined },
): Program<State> {
  const { payload, rows, after } = readable(() => checkedEvent(site, state, record, name), source, line);
  erasures.note(record, payload);
  if (tellsOfAnother(baseline, record, payload)) {
    const why = "the baseline that it tells of is not the one that the file begins with";
    throw invalid(source, line, why);
  }
  const { idempotencyKey } = record;
  const isReceipt = idempotencyKey !== null && payload.details.receipt !== undefined;
  if (isReceipt && (yield* wait(log.receipt(context, idempotencyKey))) !== undefined) {
    throw invalid(source, line, "an earlier event has its idempotency key");
  }
  try {
    yield* wait(log.append(context, record, [...inherited, ...rows]));
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
