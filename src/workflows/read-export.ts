import { ContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import { type ContextLine, type ExportEnd, readBeginning, readLine } from "../core/export-format.js";

/** A context of an export, and the line it begins at; its events are read as they are asked for. */
export interface Imported {
  readonly context: ContextLine;
  readonly at: number;
  readonly events: IterableIterator<ImportedEvent>;
}

/** An event of an export, and the line it stands in. */
export interface ImportedEvent {
  readonly record: EventRecord;
  readonly line: number;
}

/**
 * Reads the contexts of an export one by one; the events of each must be read before the next.
 * @throws {ContextError} EXPORT_INVALID, EXPORT_NEWER
 */
export function* readContexts(lines: Iterable<string>, source: string): Generator<Imported> {
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
    yield { context: found.context, at: line, events: readEvents(found.context, next, () => line, source) };
  }
}

function* readEvents(
  { events }: ContextLine,
  next: () => string,
  lineNumber: () => number,
  source: string,
): Generator<ImportedEvent> {
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
