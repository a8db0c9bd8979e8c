import type { Scope } from "../core/event.js";
import type { EventPage, EventPayload, Log, Stamp } from "../engines/engine.js";
import type { EventRecord } from "../core/event.js";
import type { KeyChangeRow } from "../projections/rows.js";
import { type Program, wait } from "../program/program.js";

/** A stretch of a history that one context keeps: its events after `after`, up to and including `upTo`. */
export interface Segment {
  readonly context: number;
  readonly after: number;
  readonly upTo: number;
}

/**
 * The line of history that a context stands on: its own events, and before them those of its ancestors up to
 * where each was forked. A fork goes on with its parent's numbers, so a sequence names one event of a line.
 */
export interface Line {
  readonly context: number;
  /** Newest first; there is at least the context's own. */
  readonly segments: readonly [Segment, ...Segment[]];
}

/** Finds the line of a context; it never changes. */
export function* lineOf(log: Log, context: number): Program<Line> {
  const rows = yield* wait(log.lineage(context));
  const [own = { context, forkSequence: 0 }, ...ancestors] = rows;
  const segments: [Segment, ...Segment[]] = [{ context, after: own.forkSequence, upTo: Infinity }];
  let upTo = own.forkSequence;
  for (const ancestor of ancestors) {
    segments.push({ context: ancestor.context, after: ancestor.forkSequence, upTo });
    upTo = ancestor.forkSequence;
  }
  return { context, segments };
}

/** The segment that an event lies in. */
export function segmentAt({ segments }: Line, sequence: number): Segment {
  return segments.find(({ after }) => after < sequence) ?? segments[0];
}

/** The number of the first event of a line: 1, unless the line begins in the midst of a history. */
export function firstOf({ segments }: Line): number {
  return (segments.at(-1)?.after ?? 0) + 1;
}

/** Version and time of one event of a line. */
export function* stampIn(log: Log, line: Line, sequence: number): Program<Stamp | undefined> {
  return yield* wait(log.stamp(segmentAt(line, sequence).context, sequence));
}

/** The payloads of the events of these numbers, in any order. */
export function* payloadsIn(
  log: Log,
  line: Line,
  sequences: readonly number[],
): Program<readonly EventPayload[]> {
  const found: EventPayload[] = [];
  for (const segment of line.segments) {
    const own = sequences.filter((sequence) => sequence > segment.after && sequence <= segment.upTo);
    if (own.length > 0) found.push(...(yield* wait(log.payloads(segment.context, own))));
  }
  return found;
}

/** One event of a line; undefined where it has none of that number. */
export function* eventAt(log: Log, line: Line, sequence: number): Program<EventRecord | undefined> {
  const [event] = yield* wait(
    log.events(segmentAt(line, sequence).context, { order: "oldest", after: sequence - 1, limit: 1 }),
  );
  return event?.sequence === sequence ? event : undefined;
}

/** A page of a line's events, across all its segments. */
export function* eventsIn(log: Log, line: Line, page: EventPage): Program<readonly EventRecord[]> {
  return yield* acrossSegments(line, page, (context, part) => log.events(context, part), sequenceOf);
}

/** The numbers of the events of a line that changed a key of a scope, a page of them. */
export function* changesIn(
  log: Log,
  line: Line,
  { scope, key }: { readonly scope: Scope; readonly key: string },
  page: Omit<EventPage, "type">,
): Program<readonly number[]> {
  const read = (context: number, part: typeof page) => log.changesOf(context, scope, key, part);
  return yield* acrossSegments(line, page, read, (sequence) => sequence);
}

/** The payloads of the events of a line that changed a key of a scope, a page of them. */
export function* payloadsOfKeyIn(
  log: Log,
  line: Line,
  { scope, key }: { readonly scope: Scope; readonly key: string },
  page: Omit<EventPage, "type">,
): Program<readonly EventPayload[]> {
  const read = (context: number, part: typeof page) => log.payloadsOf(context, scope, key, part);
  return yield* acrossSegments(line, page, read, sequenceOf);
}

/** For each key of a scope, its last change up to and including an event, in order of creation. */
export function* keysAtIn(
  log: Log,
  line: Line,
  scope: Scope,
  sequence: number,
): Program<readonly KeyChangeRow[]> {
  // A fork brought the index of its keys with it, so the segment's own context knows them all.
  return yield* wait(log.keysAt(segmentAt(line, sequence).context, scope, sequence));
}

type Bounds = Omit<EventPage, "type">;

/** Reads a page that may begin in one segment and end in another. */
function* acrossSegments<Row, Page extends Bounds>(
  { segments }: Line,
  page: Page,
  read: (context: number, part: Page) => readonly Row[] | Promise<readonly Row[]>,
  numberOf: (row: Row) => number,
): Program<readonly Row[]> {
  const [only, second] = segments;
  if (second === undefined && only.upTo === Infinity) return yield* wait(read(only.context, page));
  const found: Row[] = [];
  for (const segment of page.order === "oldest" ? [...segments].reverse() : segments) {
    const part = partIn(segment, page, page.limit - found.length);
    if (part === undefined) continue;
    const rows = yield* wait(read(segment.context, part));
    // A context has rows about keys that it inherited, and may go on behind the fork.
    found.push(...rows.filter((row) => numberOf(row) > segment.after && numberOf(row) <= segment.upTo));
    if (found.length >= page.limit) break;
  }
  return found;
}

/** What of a page lies in a segment, if anything does. */
function partIn<Page extends Bounds>({ after, upTo }: Segment, page: Page, limit: number): Page | undefined {
  if (page.order === "oldest") {
    const from = page.after ?? 0;
    return from >= upTo ? undefined : { ...page, after: Math.max(from, after), limit };
  }
  const before = page.after ?? Infinity;
  if (before <= after + 1) return undefined;
  const end = Math.min(before, upTo + 1);
  return { ...page, after: end === Infinity ? undefined : end, limit };
}

function sequenceOf({ sequence }: { readonly sequence: number }): number {
  return sequence;
}
