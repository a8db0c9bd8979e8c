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
  /** The event up to which the context's history was pruned; 0 where it is whole. */
  readonly floor: number;
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

/** Finds the line of a context; nothing of it ever changes but its floors. */
export function* lineOf(log: Log, context: number): Program<Line> {
  const rows = yield* wait(log.lineage(context));
  const [own = { context, forkSequence: 0, floorSequence: 0 }, ...ancestors] = rows;
  const segments: [Segment, ...Segment[]] = [
    { context, after: own.forkSequence, upTo: Infinity, floor: own.floorSequence },
  ];
  let upTo = own.forkSequence;
  for (const ancestor of ancestors) {
    const { forkSequence: after, floorSequence: floor } = ancestor;
    segments.push({ context: ancestor.context, after, upTo, floor });
    upTo = ancestor.forkSequence;
  }
  return { context, segments };
}

/** The segment that an event lies in. */
export function segmentAt({ segments }: Line, sequence: number): Segment {
  return segments.find(({ after }) => after < sequence) ?? segments[0];
}

/** The same line with its floors as they are now: somebody may have pruned it. */
export function* withFloors(log: Log, line: Line): Program<Line> {
  const [own, ...ancestors] = line.segments;
  const segments: [Segment, ...Segment[]] = [yield* withFloor(log, own)];
  for (const segment of ancestors) segments.push(yield* withFloor(log, segment));
  const isSame = segments.every((segment, index) => segment === line.segments[index]);
  return isSame ? line : { ...line, segments };
}

function* withFloor(log: Log, segment: Segment): Program<Segment> {
  const floor = yield* wait(log.floor(segment.context));
  return floor === segment.floor ? segment : { ...segment, floor };
}

/** The oldest event whose state can be read, if what lies before it was pruned; else 0. */
export function floorOf({ segments }: Line): number {
  return segments.reduce((most, { floor }) => Math.max(most, floor), 0);
}

/** The number of the first event of a line whose state can be read: 1, unless it begins in the midst of a history. */
export function firstOf(line: Line): number {
  return Math.max(floorOf(line), (line.segments.at(-1)?.after ?? 0) + 1);
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

/** A page of a line's events, across all its segments. What is left below a floor is not among them. */
export function* eventsIn(log: Log, line: Line, page: EventPage): Program<readonly EventRecord[]> {
  const floor = floorOf(line);
  const above = floor === 0 ? page : yield* aboveFloor(log, line, page, floor);
  const read = (context: number, part: EventPage) => log.events(context, part);
  const found = yield* acrossSegments(line.segments, above, read, sequenceOf);
  return floor === 0 ? found : found.filter(({ sequence }) => sequence > floor);
}

function* aboveFloor(log: Log, { context }: Line, page: EventPage, floor: number): Program<EventPage> {
  if (page.order === "oldest") return { ...page, after: Math.max(page.after ?? 0, floor) };
  const head = (yield* wait(log.head(context)))?.sequence ?? 0;
  const end = Math.min(page.after ?? Infinity, head + 1);
  return { ...page, after: end, limit: Math.max(0, Math.min(page.limit, end - 1 - floor)) };
}

/**
 * The numbers of the events of a line that changed a key of a scope, a page of them. Of those below a floor only
 * the one is left by which the key stands there.
 */
export function* changesIn(
  log: Log,
  line: Line,
  { scope, key }: { readonly scope: Scope; readonly key: string },
  page: Omit<EventPage, "type">,
): Program<readonly number[]> {
  const read = (context: number, part: typeof page) => log.changesOf(context, scope, key, part);
  const floor = floorOf(line);
  if (floor === 0) return yield* acrossSegments(line.segments, page, read, (sequence) => sequence);
  if (page.order === "newest" && page.after !== undefined && page.after <= floor) {
    // What an ancestor made before, it has still.
    const older = olderThan(line, floor, page.after);
    return older === undefined ? [] : yield* changesIn(log, older, { scope, key }, page);
  }
  const above = page.order === "oldest" ? { ...page, after: Math.max(page.after ?? 0, floor) } : page;
  const found = yield* acrossSegments(indexSegments(line, floor), above, read, (sequence) => sequence);
  // What is still in the index below what stands at the floor is about to go.
  const standing = page.order === "newest" ? found.find((sequence) => sequence <= floor) : undefined;
  return found.filter((sequence) => sequence > floor || sequence === standing);
}

function olderThan({ segments }: Line, floor: number, sequence: number): Line | undefined {
  const [pruned, first, ...others] = segments.slice(segments.findIndex((segment) => segment.floor === floor));
  if (pruned === undefined || sequence > pruned.after) return undefined;
  return first && { context: first.context, segments: [first, ...others] };
}

/** Whoever was pruned has all that stands at the floor in an index of its own, wherever it came from. */
function indexSegments({ segments }: Line, floor: number): readonly Segment[] {
  const pruned = segments.findIndex((segment) => segment.floor === floor);
  return segments
    .slice(0, pruned + 1)
    .map((segment, index) => (index < pruned ? segment : { ...segment, after: 0 }));
}

/** The payloads of the events of a line that changed a key of a scope, a page of them. */
export function* payloadsOfKeyIn(
  log: Log,
  line: Line,
  { scope, key }: { readonly scope: Scope; readonly key: string },
  page: Omit<EventPage, "type">,
): Program<readonly EventPayload[]> {
  if (floorOf(line) === 0) {
    const read = (context: number, part: typeof page) => log.payloadsOf(context, scope, key, part);
    return yield* acrossSegments(line.segments, page, read, sequenceOf);
  }
  const sequences = yield* changesIn(log, line, { scope, key }, page);
  const found = new Map((yield* payloadsIn(log, line, sequences)).map((event) => [event.sequence, event]));
  return sequences.flatMap((sequence) => found.get(sequence) ?? []);
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

/** The same for one key, which costs no look at the others; undefined where it was not there yet. */
export function* keyAtIn(
  log: Log,
  line: Line,
  { scope, key }: { readonly scope: Scope; readonly key: string },
  sequence: number,
): Program<KeyChangeRow | undefined> {
  const { context } = segmentAt(line, sequence);
  const page = { order: "newest", after: sequence + 1, limit: 1 } as const;
  const [last] = yield* wait(log.changesOf(context, scope, key, page));
  return last === undefined ? undefined : yield* wait(log.keyChange(context, scope, key, last));
}

type Bounds = Omit<EventPage, "type">;

/** Reads a page that may begin in one segment and end in another. */
function* acrossSegments<Row, Page extends Bounds>(
  segments: readonly Segment[],
  page: Page,
  read: (context: number, part: Page) => readonly Row[] | Promise<readonly Row[]>,
  numberOf: (row: Row) => number,
): Program<readonly Row[]> {
  const [only, second] = segments;
  if (only !== undefined && second === undefined && only.upTo === Infinity)
    return yield* wait(read(only.context, page));
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
