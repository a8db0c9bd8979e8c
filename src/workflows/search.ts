import type { Point } from "../core/address.js";
import type { Path } from "../core/diff/difference.js";
import type { EventHeader } from "../core/event.js";
import { contentOf, hasContent, parsePayload, patchIn, type StoredEffect } from "../core/payload.js";
import { excerpt } from "../core/search/excerpt.js";
import { someText, type StoredText } from "../core/search/stored-texts.js";
import type { TextPattern } from "../core/search/text-pattern.js";
import { encode } from "../core/value/encode.js";
import type { Codec } from "../core/value/codec.js";
import type { CurrentRow, EventPayload, Log } from "../engines/engine.js";
import { EffectReader, hasPatches } from "./effect-reader.js";
import { valuesOfChanges } from "./whole-value.js";
import { type Program, wait } from "../program/program.js";
import { type HistoryRange, rangeOf } from "./history-range.js";
import { floorOf, type Line, lineOf, payloadsIn } from "./line.js";
import { headerIn, ownersIn } from "./owned.js";
import { lastWhere, withContext, withLog } from "./read-past.js";
import type { Site } from "./site.js";
import type { Live } from "./workplace.js";

/** What to search for, and where. */
export interface Search {
  readonly pattern: TextPattern;
  /** In the names of keys, also of those inside values; in what stands under them; or in both. */
  readonly where: readonly StoredText["where"][];
  readonly scopes: readonly SearchScope[];
  /** Only what was written behind this point, and up to that one. */
  readonly since: Point | undefined;
  readonly until: Point | undefined;
  /** At most so many hits. */
  readonly limit: number;
}

/** Scopes whose keys and values are the caller's. */
export type SearchScope = "persistent" | "ephemeral";

/** A text that was found, and the event that wrote it. */
export interface Hit {
  readonly context: string;
  readonly scope: SearchScope;
  readonly key: string;
  readonly where: StoredText["where"];
  /** From the context to the text, the key first. */
  readonly path: Path;
  readonly text: string;
  readonly event: EventHeader;
}

/**
 * Searches the present keys and values of a context, in their order.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* searchPresent(site: Site, live: Live, search: Search): Program<readonly Hit[]> {
  return yield* withContext(site, live, function* (log, name) {
    const range = yield* rangeOf(site, log, live, { name, filter: search });
    const searching = new Searching(site.codec, log, live.line, name, search);
    const { scopes } = site.unit?.stateOf(live) ?? live.state;
    for (const scope of search.scopes) {
      for (const [key, { value, sequence }] of scopes[scope].entries()) {
        if (!isWithin(sequence, search.since === undefined ? { ...range, after: 0 } : range)) continue;
        yield* searching.look(sequence, { context: name, scope, key }, encode(value));
        if (searching.isDone) return searching.hits;
      }
    }
    return searching.hits;
  });
}

/**
 * Searches all that was ever written to a context, oldest first.
 * @throws {ContextError} ADDRESS_NOT_FOUND, SNAPSHOT_AMBIGUOUS
 */
export function* searchHistory(site: Site, live: Live, search: Search): Program<readonly Hit[]> {
  return yield* withContext(site, live, function* (log, name) {
    const range = yield* rangeOf(site, log, live, { name, filter: search });
    const ownerOf = yield* ownersIn(log, live.line, name);
    return yield* searchEvents(new Searching(site.codec, log, live.line, name, search), range, ownerOf);
  });
}

/** Where in time to search a context that is not in use. */
export interface TimeRange {
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Searches a context as the log knows it, whether it is in use or not; only its own history, not its parent's. */
export function* searchStored(
  site: Site,
  context: number,
  search: Search,
  { isHistory, ...times }: TimeRange & { readonly isHistory: boolean },
): Program<readonly Hit[]> {
  return yield* withLog(site, function* (log) {
    const name = yield* wait(log.contextName(context));
    // Someone may have deleted it since it was listed.
    if (name === undefined) return [];
    const line = yield* lineOf(log, context);
    const range = yield* timeRangeOf(log, line, times);
    const searching = new Searching(site.codec, log, line, name, search);
    if (!isHistory) return yield* searchRows(searching, range);
    const after = Math.max(range.after, line.segments[0].after);
    return yield* searchEvents(searching, { ...range, after }, () => name);
  });
}

/** The events after one, up to and including another. */
type Range = Pick<HistoryRange, "after" | "upTo">;

function isWithin(sequence: number, { after, upTo }: Range): boolean {
  return sequence > after && sequence <= upTo;
}

function* timeRangeOf(log: Log, line: Line, { since, until }: TimeRange): Program<Range> {
  const head = yield* wait(log.head(line.context));
  const upTo = function* (time: number): Program<number> {
    if (head === undefined) return 0;
    return (yield* lastWhere(log, line, head, ({ recordedAt }) => recordedAt <= time))?.sequence ?? 0;
  };
  return {
    after: since === undefined ? 0 : yield* upTo(since),
    upTo: until === undefined ? Infinity : yield* upTo(until),
  };
}

function* searchRows(searching: Searching, range: Range): Program<readonly Hit[]> {
  const { log, line, name: context, search, codec, hits } = searching;
  const rows = yield* wait(log.current(line.context));
  const inLog = rows.filter(
    ({ bytes, scope, sequence }) => bytes !== null && isSearched(scope, search) && isWithin(sequence, range),
  );
  const values = yield* valuesOfChanges(log, line, inLog, codec, context);
  for (const scope of search.scopes) {
    for (const row of rows.filter((row) => row.scope === scope)) {
      const { key, sequence } = row;
      if (!isWithin(sequence, range)) continue;
      const held = values.get(row);
      const tree = held === undefined ? treeInRow(row, search) : encode(held.value);
      yield* searching.look(sequence, { context, scope, key }, tree);
      if (searching.isDone) return hits;
    }
  }
  return hits;
}

/** The encoding of a value that stands in its row, or nothing where no text of it can fit. */
function treeInRow({ value }: CurrentRow, { pattern }: Search): unknown {
  const text = value ?? "null";
  return pattern.mayFit(text) ? (JSON.parse(text) as unknown) : nothing;
}

/** A tree without any text in it. */
const nothing: unknown = [];

/** Payloads that are in memory at once. */
const largestPage = 32;

function* searchEvents(
  searching: Searching,
  { after, upTo }: Range,
  ownerOf: (sequence: number) => string,
): Program<readonly Hit[]> {
  const { log, line, search, hits } = searching;
  const begin = Math.max(after, floorOf(line)) + 1;
  const reader = new EffectReader(line, searching.codec);
  const last = Math.min(upTo, (yield* wait(log.head(line.context)))?.sequence ?? 0);
  for (let from = begin; from <= last; from += largestPage) {
    const numbers = Array.from({ length: Math.min(largestPage, last - from + 1) }, (_, i) => from + i);
    const page = yield* payloadsIn(log, line, numbers);
    // What a change made of a value may have a text that no event has as a whole.
    const fitting = page.filter((event) => hasPatches(event) || search.pattern.mayFit(event.payload));
    for (const event of fitting.sort((a, b) => a.sequence - b.sequence)) {
      const { sequence, payload } = event;
      const context = ownerOf(sequence);
      for (const effect of parsePayload(payload, { context, sequence }).effects) {
        const { scope, key } = effect;
        if (!hasContent(effect) || !isSearched(scope, search)) continue;
        const tree = yield* wholeTree(log, reader, event, { effect, context });
        yield* searching.look(sequence, { context, scope, key }, tree);
        if (searching.isDone) return hits;
      }
    }
  }
  return hits;
}

/** The encoding of what an effect gave its key, however it stands in the log. */
function* wholeTree(
  log: Log,
  reader: EffectReader,
  event: EventPayload,
  { effect, context }: { readonly effect: StoredEffect; readonly context: string },
): Program<unknown> {
  if (patchIn(effect) === undefined) return contentOf(effect);
  const set = yield* reader.valueSetBy(log, event, effect, context);
  return encode(set?.held?.value ?? null);
}

function isSearched(scope: string, { scopes }: Search): scope is SearchScope {
  return (scopes as readonly string[]).includes(scope);
}

type Match = Pick<Hit, "where" | "path" | "text">;

/** A search under way. */
class Searching {
  readonly log: Log;
  readonly line: Line;
  readonly name: string;
  readonly search: Search;
  readonly codec: Codec;
  readonly hits: Hit[] = [];

  constructor(codec: Codec, log: Log, line: Line, name: string, search: Search) {
    this.codec = codec;
    this.log = log;
    this.line = line;
    this.name = name;
    this.search = search;
  }

  get isDone(): boolean {
    return this.hits.length >= this.search.limit;
  }

  /** Looks into one value that an event wrote. */
  *look(sequence: number, place: Pick<Hit, "context" | "scope" | "key">, tree: unknown): Program<void> {
    const matches = this.#matchesIn(place.key, tree);
    if (matches.length === 0) return;
    const event = yield* headerIn(this.log, this.line, this.name, sequence);
    if (event === undefined) throw new Error(`Event #${sequence} is gone; this is a bug in durable-context.`);
    for (const match of matches) this.hits.push({ ...place, ...match, event });
  }

  #matchesIn(key: string, tree: unknown): readonly Match[] {
    const { pattern, where: wanted, limit } = this.search;
    const matches: Match[] = [];
    const visit = (found: StoredText): boolean => {
      const start = wanted.includes(found.where) ? pattern.find(found.text) : -1;
      if (start < 0) return false;
      const { where, path } = found;
      matches.push({ where, path: [key, ...path], text: excerpt(found.text, start) });
      return this.hits.length + matches.length >= limit;
    };
    if (!visit({ where: "key", text: key, path: [] })) someText(tree, visit);
    return matches;
  }
}
