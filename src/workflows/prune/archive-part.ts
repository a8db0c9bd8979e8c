import type { ArchiveLocation } from "../../core/archive.js";
import { record } from "../../core/decide.js";
import { type Covered, Erasures, erasureKey, erasureMark } from "../../core/erasures.js";
import { ContextError } from "../../core/errors.js";
import { writeBeginning, writeContext, writeEnd, writeEvent } from "../../core/export-format.js";
import type { EventDraft, EventRecord, Origin } from "../../core/event.js";
import { chainFault } from "../../core/link-fault.js";
import { parsePayload } from "../../core/payload.js";
import { initialState } from "../../core/state.js";
import type { ContextRow, Log } from "../../engines/engine.js";
import type { Program } from "../../program/program.js";
import { type Baseline, readBaseline } from "../baseline.js";
import { eventAt, floorOf, type Line } from "../line.js";
import { eachEvent } from "../replay.js";
import type { Site } from "../site.js";
import { nameOf } from "../workplace.js";
import type { Prunable } from "./find-floor.js";
import { makeBaseline } from "./make-baseline.js";

/** A file in the making that holds what is to go. */
export interface ArchiveFile {
  readonly writeLine: (line: string) => void;
  /** Ends the file, reads it back, and gives the digest of its bytes; it is not in its place yet. */
  readonly finish: () => string;
  /** Puts it in its place, and tells where: under another name than planned, if something else has that. */
  readonly keep: () => ArchiveLocation;
  /** Throws it away, wherever it is. */
  readonly discard: () => void;
}

/** Where some events of a context are to be archived. */
export interface ArchivePlace {
  readonly file: string;
  readonly open: () => ArchiveFile;
}

/** Finds the place of an archive; there is none where none is wanted. */
export type PlaceArchive = (about: {
  readonly context: string;
  readonly from: number;
  readonly to: number;
}) => ArchivePlace | undefined;

/** What is to go of a history: its events from one to another, the last of which becomes the floor. */
export interface Part {
  readonly row: ContextRow;
  readonly line: Line;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  readonly floor: EventRecord;
  readonly baseline: Baseline;
  /** The floor's event, with what it tells of the baseline, and own events whose changes become whole values. */
  readonly rewritten: readonly EventRecord[];
  /** What of these events is erased, and told of by later ones only. */
  readonly erased: Covered;
  /** The last event that told of an erasure when this was looked at. */
  readonly erasedAt: number | undefined;
}

/** Looks at what is to go. */
export function* partOf(site: Site, log: Log, { row, line, state }: Prunable, to: number): Program<Part> {
  const floor = yield* eventAt(log, line, to);
  if (floor === undefined) throw new Error(`There is no event #${to}; this is a bug in durable-context.`);
  const from = Math.max(row.floorSequence, row.forkSequence) + 1;
  const { baseline, rewritten } = yield* makeBaseline(log, line, floor, site.codec, row.name);
  let bytes = 0;
  const erasures = new Erasures(from - 1);
  yield* eachEvent(log, line, { order: "oldest", after: from - 1 }, (event) => {
    const { sequence, payload } = event;
    if (sequence > to) return false;
    erasures.note(event, parsePayload(payload, { context: row.name, sequence }));
    bytes += Buffer.byteLength(payload);
    return true;
  });
  for (const { sequence, payload } of baseline.records)
    if (sequence >= from) bytes -= Buffer.byteLength(payload);
  const erasedAt = state.scopes.erasure.get(erasureKey)?.sequence;
  return {
    row,
    line,
    from,
    to,
    bytes: Math.max(0, bytes),
    floor,
    baseline,
    rewritten,
    erased: erasures.open,
    erasedAt,
  };
}

/**
 * Writes what is to go as an export of its own, which begins where the archive before it has ended, and checks the
 * chain of hashes once more.
 * @throws {ContextError} EVENT_UNREADABLE, EXPORT_UNWRITABLE
 */
export function* archivePart(site: Site, log: Log, part: Part, file: ArchiveFile): Program<string> {
  try {
    const { row, line, from, to } = part;
    const begin = yield* beginningOf(site, log, part);
    const closing = closingEvents(site, part);
    const events = begin.length + to - from + 1 + closing.length;
    const createdAt = (begin[0] ?? (yield* eventAt(log, line, from)))?.recordedAt ?? row.createdAt;
    const context = nameOf(part.baseline.state);
    const { hash: head } = closing.at(-1) ?? part.floor;
    const about = { context, events, head, createdAt };
    file.writeLine(writeBeginning());
    file.writeLine(writeContext({ ...about, ...(begin.length > 0 && { floor: from - 1 }) }));
    for (const event of begin) file.writeLine(writeEvent(event));
    let before = { sequence: from - 1, hash: begin.at(-1)?.hash ?? initialState.hash };
    yield* eachEvent(log, line, { order: "oldest", after: from - 1 }, (event) => {
      if (event.sequence > to) return false;
      requireLink(site, row.name, before, event);
      before = event;
      file.writeLine(writeEvent(event));
      return true;
    });
    for (const event of closing) file.writeLine(writeEvent(event));
    file.writeLine(writeEnd({ contexts: 1, events }));
    return file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** What the events of an archive go on from: the baseline of an earlier pruning, or what a fork started from. */
function* beginningOf(site: Site, log: Log, { row, line, from }: Part): Program<readonly EventRecord[]> {
  if (from === 1) return [];
  if (floorOf(line) === from - 1) return (yield* readBaseline(log, line, site.codec, row.name)).records;
  const event = yield* eventAt(log, line, from - 1);
  if (event === undefined) throw new Error("A fork has no beginning; this is a bug in durable-context.");
  return (yield* makeBaseline(log, line, event, site.codec, row.name)).baseline.records;
}

/** What was erased of these events is told of by later ones, which are not in the archive: so it tells that itself. */
function closingEvents({ codec, host }: Site, { floor, baseline, erased }: Part): readonly EventRecord[] {
  if (Object.keys(erased).length === 0) return [];
  const reason = "told of by events behind those that are archived here";
  const draft: EventDraft = {
    type: "values_erased",
    effects: [erasureMark(codec)],
    details: { path: "", reason, erased },
  };
  return [record(baseline.state, draft, nobody, floor.recordedAt, host).record];
}

const nobody: Origin = {
  ...{ actor: null, cause: null, phase: null, batch: null },
  ...{ tags: null, idempotencyKey: null },
};

/** What is damaged is not thrown away: it may be all that is left. */
function requireLink(
  { host }: Site,
  context: string,
  before: { readonly sequence: number; readonly hash: string },
  record: EventRecord,
): void {
  const { sequence } = record;
  const payload = parsePayload(record.payload, { context, sequence });
  const why = chainFault(before, record, payload, host.digest);
  if (why !== undefined) throw new ContextError("EVENT_UNREADABLE", { context, sequence, why });
}
