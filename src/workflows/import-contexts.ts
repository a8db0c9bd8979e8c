import { chainHash } from "../core/chain.js";
import { ContextError, isContextError } from "../core/errors.js";
import type { EventRecord, Origin } from "../core/event.js";
import { type ContextLine, type ExportEnd, readBeginning, readLine } from "../core/export-format.js";
import { checkId } from "../core/names.js";
import { digestsOf, parsePayload } from "../core/payload.js";
import { chainStart, initialState, type State } from "../core/state.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { appendToStore } from "./manage.js";
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
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "load" });
  return yield* site.engine.write(function* (log) {
    const names: string[] = [];
    for (const imported of readContexts(lines, source)) {
      const name = yield* importContext(site, log, imported, source);
      names.push(name);
      const { events, head } = imported.line;
      const details = { context: name, source, events, head };
      yield* appendToStore(site, log, { type: "context_imported", effects: [], details }, origin);
    }
    return names;
  });
}

/** A context of an export; its events are read as they are asked for. */
interface Imported {
  readonly line: ContextLine;
  readonly events: Iterable<{ readonly record: EventRecord; readonly line: number }>;
}

function* readContexts(lines: Iterable<string>, source: string): Generator<Imported> {
  const reader = lines[Symbol.iterator]();
  let line = 0;
  const next = (): string => {
    const step = reader.next();
    line += 1;
    if (step.done !== true) return step.value;
    throw new ContextError("EXPORT_INVALID", {
      source,
      line,
      why: "the file ends here, before its last line",
    });
  };
  readBeginning(next(), source);
  const seen = { contexts: 0, events: 0 };
  for (;;) {
    const found = readLine(next(), source, line);
    if (found.kind === "end") {
      checkEnd(found.end, seen, { source, line, isLast: reader.next().done === true });
      return;
    }
    if (found.kind === "event")
      throw new ContextError("EXPORT_INVALID", { source, line, why: "an event without its context" });
    seen.contexts += 1;
    seen.events += found.context.events;
    yield { line: found.context, events: readEvents(found.context, next, () => line, source) };
  }
}

function* readEvents(
  { events }: ContextLine,
  next: () => string,
  lineNumber: () => number,
  source: string,
): Generator<{ record: EventRecord; line: number }> {
  for (let read = 0; read < events; read += 1) {
    const text = next();
    const line = lineNumber();
    const found = readLine(text, source, line);
    if (found.kind !== "event")
      throw new ContextError("EXPORT_INVALID", { source, line, why: "an event was expected" });
    yield { record: found.record, line };
  }
}

function checkEnd(
  end: ExportEnd,
  seen: ExportEnd,
  at: { source: string; line: number; isLast: boolean },
): void {
  const { source, line, isLast } = at;
  if (end.contexts !== seen.contexts || end.events !== seen.events) {
    throw new ContextError("EXPORT_INVALID", {
      source,
      line,
      why: "it counts other contexts or events than the file has",
    });
  }
  if (!isLast)
    throw new ContextError("EXPORT_INVALID", {
      source,
      line: line + 1,
      why: "something follows the last line",
    });
}

function* importContext(
  site: Site,
  log: WritableLog,
  { line, events }: Imported,
  source: string,
): Program<string> {
  const name = checkId(line.context);
  if ((yield* wait(log.findContext(name))) !== undefined)
    throw new ContextError("CONTEXT_EXISTS", { context: name });
  const context = yield* wait(log.createContext({ name, createdAt: line.createdAt }));
  let state: State = initialState;
  let at = 0;
  for (const { record, line } of events) {
    at = line;
    const fault = linkFault(site, state, record, name);
    if (fault !== undefined) throw new ContextError("EXPORT_INVALID", { source, line, why: fault });
    const { rows, after } = readable(() => reproject(state, record, site.codec, name), source, line);
    yield* wait(log.append(context, record, rows));
    state = after;
  }
  const isWhole = state.sequence > 0 && state.hash === line.head && nameOf(state) === name;
  if (!isWhole)
    throw new ContextError("EXPORT_INVALID", { source, line: at, why: `context "${name}" is not whole` });
  return name;
}

/** What is wrong with an event as the next one of a chain, if anything. */
function linkFault(site: Site, before: State, record: EventRecord, name: string): string | undefined {
  const { sequence, version, recordedAt } = record;
  if (sequence !== before.sequence + 1) return `event #${before.sequence + 1} was expected, not #${sequence}`;
  if (version < before.version || version > before.version + 1)
    return `version ${version} does not follow ${before.version}`;
  if (recordedAt < before.recordedAt) return "it was recorded before the event that it follows";
  const { effects, details, ...payload } = parsePayload(record.payload, { context: name, sequence });
  const digests = digestsOf({ ...payload, effects, details }, site.host.digest);
  const previousHash = before.sequence === 0 ? chainStart : before.hash;
  const hash = chainHash({ previousHash, header: record, effects, digests, details }, site.host.digest);
  return hash === record.hash ? undefined : "its hash does not fit its content";
}

/** A payload whose hash fits may still hold what this release cannot read. */
function readable<Result>(read: () => Result, source: string, line: number): Result {
  try {
    return read();
  } catch (error) {
    if (isContextError(error, "CLASS_UNKNOWN")) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ContextError("EXPORT_INVALID", { source, line, why }, { cause: error });
  }
}
