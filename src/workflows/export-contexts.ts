import { ContextError } from "../core/errors.js";
import { type ExportEnd, writeBeginning, writeContext, writeEnd, writeEvent } from "../core/export-format.js";
import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { lineOf } from "./line.js";
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
    const rows = yield* select(log);
    writeLine(writeBeginning());
    let events = 0;
    for (const row of rows) events += yield* exportContext(log, row, writeLine);
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

function* exportContext(
  log: Log,
  { context, name, createdAt }: ContextRow,
  writeLine: (line: string) => void,
): Program<number> {
  const head = yield* wait(log.head(context));
  if (head === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  writeLine(writeContext({ context: name, createdAt, events: head.sequence, head: head.hash }));
  const line = yield* lineOf(log, context);
  yield* eachEvent(log, line, { order: "oldest", after: undefined }, (record) => {
    writeLine(writeEvent(record));
    return true;
  });
  return head.sequence;
}
