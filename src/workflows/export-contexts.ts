import { ContextError } from "../core/errors.js";
import { type ExportEnd, writeBeginning, writeContext, writeEnd, writeEvent } from "../core/export-format.js";
import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { lineOf, stampIn } from "./line.js";
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
  return yield* withLog(site, function* (log) {
    const rows = ancestorsFirst(yield* select(log));
    writeLine(writeBeginning());
    let events = 0;
    for (const row of rows) {
      const parent = rows.find(({ context }) => context === row.parent);
      events += yield* exportContext(log, row, parent?.name, writeLine);
    }
    const end = { contexts: rows.length, events };
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

/** Forks can refer to what comes before them only; apart from that, the order stays. */
function ancestorsFirst(rows: readonly ContextRow[]): readonly ContextRow[] {
  const byContext = new Map(rows.map((row) => [row.context, row]));
  const sorted = new Set<ContextRow>();
  const visit = (row: ContextRow): void => {
    const parent = byContext.get(row.parent ?? 0);
    if (parent !== undefined && !sorted.has(parent)) visit(parent);
    sorted.add(row);
  };
  rows.forEach(visit);
  return [...sorted];
}

/** Writes a context: its own events behind its parent's, or, where the parent is not in the file, all of its line. */
function* exportContext(
  log: Log,
  { context, name, createdAt, forkSequence }: ContextRow,
  parent: string | undefined,
  writeLine: (line: string) => void,
): Program<number> {
  const head = yield* wait(log.head(context));
  const line = yield* lineOf(log, context);
  const first = yield* stampIn(log, line, 1);
  if (head === undefined || first === undefined)
    throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  const shared = parent === undefined ? 0 : forkSequence;
  const events = head.sequence - shared;
  const about = { context: name, events, head: head.hash };
  writeLine(
    writeContext(
      parent === undefined
        ? { ...about, createdAt: first.recordedAt }
        : { ...about, createdAt, fork: { parent, sequence: forkSequence } },
    ),
  );
  yield* eachEvent(log, line, { order: "oldest", after: shared }, (record) => {
    writeLine(writeEvent(record));
    return true;
  });
  return events;
}
