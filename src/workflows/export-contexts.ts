import { ContextError } from "../core/errors.js";
import { type ExportEnd, writeBeginning, writeContext, writeEnd, writeEvent } from "../core/export-format.js";
import type { EventRecord } from "../core/event.js";
import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { readBaseline } from "./baseline.js";
import { commitGroup } from "./commit-group.js";
import { firstOf, floorOf, type Line, lineOf, stampIn } from "./line.js";
import { newestState, withLog } from "./read-past.js";
import { eachEvent } from "./replay.js";
import type { Site } from "./site.js";
import { type Live, nameOf } from "./workplace.js";

/** Finds the contexts to export, on the very view of the store that they are exported from. */
export type Selection = (log: Log) => Program<readonly ContextRow[]>;

/** Writes contexts as an export, line by line, on one consistent view of the store. */
export function* exportContexts(
  site: Site,
  select: Selection,
  writeLine: (line: string) => void,
): Program<ExportEnd> {
  if (site.unit !== undefined) throw new ContextError("BATCH_UNSUPPORTED", { verb: "Saving" });
  yield* commitGroup(site);
  return yield* withLog(site, function* (log) {
    const exported = ancestorsFirst(yield* withOrigins(log, yield* select(log)));
    writeLine(writeBeginning());
    let events = 0;
    for (const one of exported) events += yield* exportContext(site, log, one, writeLine);
    const end = { contexts: exported.length, events };
    writeLine(writeEnd(end));
    return end;
  });
}

/** Selects every context of the store, in order of their names. */
export function* allContexts(log: Log): Program<readonly ContextRow[]> {
  return yield* wait(
    log.listContexts({
      id: undefined,
      metadata: {},
      changedSince: undefined,
      changedBefore: undefined,
      key: undefined,
      after: undefined,
      limit: Number.MAX_SAFE_INTEGER,
    }),
  );
}

/**
 * Selects contexts by their names, each once.
 * @throws {ContextError} CONTEXT_NOT_FOUND
 */
export function namedContexts(names: readonly string[]): Selection {
  return function* (log) {
    const rows: ContextRow[] = [];
    for (const name of new Set(names)) {
      const row = yield* wait(log.findContext(name));
      if (row === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
      rows.push(row);
    }
    return rows;
  };
}

/**
 * Selects the context in hand, whatever it is called by now.
 * @throws {ContextError} CONTEXT_DELETED
 */
export function thisContext(site: Site, live: Live): Selection {
  return function* (log) {
    return yield* namedContexts([nameOf(yield* newestState(site, log, live))])(log);
  };
}

/** A context to export, and where it goes on from the nearest of its ancestors that are exported, too. */
interface Exported {
  readonly row: ContextRow;
  readonly origin: { readonly parent: ContextRow; readonly sequence: number } | undefined;
}

function* withOrigins(log: Log, rows: readonly ContextRow[]): Program<readonly Exported[]> {
  const byContext = new Map(rows.map((row) => [row.context, row]));
  const exported: Exported[] = [];
  for (const row of rows) {
    // One whose parent was deleted may share events with an ancestor further up, which an erasure then reaches.
    const line = yield* wait(log.lineage(row.context));
    const last = line.find(({ parent }) => byContext.has(parent ?? 0));
    const parent = byContext.get(last?.parent ?? 0);
    exported.push({ row, origin: last && parent && { parent, sequence: last.forkSequence } });
  }
  return exported;
}

/** Forks can refer to what comes before them only; apart from that, the order stays. */
function ancestorsFirst(all: readonly Exported[]): readonly Exported[] {
  const byContext = new Map(all.map((one) => [one.row.context, one]));
  const sorted = new Set<Exported>();
  const visit = (one: Exported): void => {
    const parent = byContext.get(one.origin?.parent.context ?? 0);
    if (parent !== undefined && !sorted.has(parent)) visit(parent);
    sorted.add(one);
  };
  all.forEach(visit);
  return [...sorted];
}

/**
 * Writes a context: its events behind those that it shares with its origin, or, without one, all of its line. One
 * that was pruned itself begins with its own baseline, whoever its parent is.
 */
function* exportContext(
  site: Site,
  log: Log,
  { row: { context, name }, origin }: Exported,
  writeLine: (line: string) => void,
): Program<number> {
  const line = yield* lineOf(log, context);
  const head = yield* wait(log.head(context));
  if (head === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  const floor = floorOf(line);
  if (origin === undefined || origin.sequence < floor)
    return yield* exportLine(site, log, { name, line, upTo: head }, writeLine);
  const shared = origin.sequence;
  const first = yield* stampIn(log, line, shared + 1);
  if (first === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  const events = head.sequence - shared;
  const about = { context: name, events, head: head.hash, createdAt: first.recordedAt };
  writeLine(writeContext({ ...about, fork: { parent: origin.parent.name, sequence: shared } }));
  yield* eachEvent(log, line, { order: "oldest", after: shared }, (record) => {
    writeLine(writeEvent(record));
    return true;
  });
  return events;
}

/** What of a line is to be written under a name: all up to an event. */
export interface ExportedLine {
  readonly name: string;
  readonly line: Line;
  readonly upTo: EventRecord;
}

/** Writes a whole line of history, from its floor or its first event on; gives how many events that were. */
function* exportLine(
  site: Site,
  log: Log,
  { name, line, upTo }: ExportedLine,
  writeLine: (line: string) => void,
): Program<number> {
  const floor = floorOf(line);
  const baseline = floor === 0 ? [] : (yield* readBaseline(log, line, site.codec, name)).records;
  const begin = firstOf(line) - (floor === 0 ? 1 : 0);
  const createdAt = baseline[0]?.recordedAt ?? (yield* stampIn(log, line, begin + 1))?.recordedAt;
  if (createdAt === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  const events = baseline.length + upTo.sequence - begin;
  writeLine(writeContext({ context: name, events, head: upTo.hash, createdAt, ...(floor > 0 && { floor }) }));
  for (const record of baseline) writeLine(writeEvent(record));
  yield* eachEvent(log, line, { order: "oldest", after: begin }, (record) => {
    if (record.sequence > upTo.sequence) return false;
    writeLine(writeEvent(record));
    return true;
  });
  return events;
}
