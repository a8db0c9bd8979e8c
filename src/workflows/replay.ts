import { ContextError, isContextError } from "../core/errors.js";
import type { AppliedEvent, EventRecord } from "../core/event.js";
import { parsePayload } from "../core/payload.js";
import { decodeEffects, valueIn } from "../core/read-effects.js";
import { type EntryValue, evolve, markEntry, placedEntry, type State } from "../core/state.js";
import { stateOfEntries } from "../core/state-of-entries.js";
import type { Codec } from "../core/value/codec.js";
import type { CurrentRow, EventPage, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { valuesOfChanges } from "./whole-value.js";
import { eventsIn, floorOf, type Line } from "./line.js";
import { largestPage, nextLimit } from "./page-limit.js";

/** An event record as replay applies it to the state before it. */
export function applyRecord(
  state: State,
  record: EventRecord,
  codec: Codec,
  context: string,
): AppliedEvent & { hash: string } {
  const place = { context, sequence: record.sequence };
  const payload = parsePayload(record.payload, place);
  const effects = decodeEffects(payload, codec, place, valueIn(state));
  return { effects, details: payload.details, ...record };
}

/**
 * Reads events page by page, handing each over, until there are no more or the visitor returns false. Pages
 * begin as small as what is wanted, and grow as long as that was not found.
 */
export function* eachEvent(
  log: Log,
  line: Line,
  { order, after, type, wanted = largestPage }: Omit<EventPage, "limit"> & { readonly wanted?: number },
  visit: (record: EventRecord) => boolean | undefined,
): Program<void> {
  let limit = Math.min(wanted, largestPage);
  for (let last = after; ;) {
    const records = yield* eventsIn(log, line, { order, after: last, limit, type });
    for (const record of records) {
      last = record.sequence;
      if (visit(record) === false) return;
    }
    if (records.length < limit) return;
    limit = nextLimit(limit, records);
  }
}

/** From so many missed events on, reading the present keys may cost less than replaying what was missed. */
const mostReplayed = 200;

/**
 * Brings a state up to the newest event, by replay or by loading the present keys, whichever costs less. The line
 * is one with its floors as they are.
 */
export function* catchUp(log: Log, line: Line, state: State, codec: Codec, name: string): Program<State> {
  const head = yield* wait(log.head(line.context));
  const missed = (head?.sequence ?? 0) - state.sequence;
  const isPruned = missed > 0 && state.sequence < floorOf(line);
  if (isPruned || missed > Math.max(mostReplayed, sizeOf(state)))
    return yield* loadState(log, line, codec, name);
  let caughtUp = state;
  yield* eachEvent(log, line, { order: "oldest", after: state.sequence }, (record) => {
    caughtUp = evolve(caughtUp, applyRecord(caughtUp, record, codec, name));
    return true;
  });
  return caughtUp;
}

/** How many entries a state has, and thus about how many a load would read. */
function sizeOf({ scopes }: State): number {
  return Object.values(scopes).reduce((sum, { size }) => sum + size, 0);
}

/** Loads the present state from the projection of present keys; costs the keys and their values, not the history. */
export function* loadState(log: Log, line: Line, codec: Codec, name: string): Program<State> {
  const { context } = line;
  const head = yield* wait(log.head(context));
  if (head === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  const rows = yield* wait(log.current(context));
  const inLog = rows.filter(({ bytes }) => bytes !== null);
  const values = new Map<CurrentRow, EntryValue>(yield* valuesOfChanges(log, line, inLog, codec, name));
  for (const row of rows) if (row.bytes === null) values.set(row, valueInRow(row, codec, name));
  return stateOf(head, rows, values);
}

function valueInRow({ value, sequence }: CurrentRow, codec: Codec, context: string): EntryValue {
  if (value === null) return markEntry;
  try {
    const size = Buffer.byteLength(value);
    return { ...codec.read(value), bytes: size, chainBytes: 0 };
  } catch (cause) {
    if (isContextError(cause)) throw cause;
    const why =
      "a present value is not one of ours; store.rebuild() makes the present values anew from the events";
    throw new ContextError("EVENT_UNREADABLE", { context, sequence, why }, { cause });
  }
}

function stateOf(
  head: EventRecord,
  rows: readonly CurrentRow[],
  values: ReadonlyMap<CurrentRow, EntryValue>,
): State {
  const entries = rows.map((row) => {
    const { scope, key, created, sequence, version, changedAt } = row;
    const stamp = { sequence, version, recordedAt: changedAt };
    return { scope, key, entry: placedEntry(values.get(row) ?? markEntry, stamp, created) };
  });
  return stateOfEntries(head, entries);
}
