import { ContextError, isContextError } from "../core/errors.js";
import type { AppliedEvent, EventRecord } from "../core/event.js";
import { KeyMap } from "../core/key-map.js";
import { decodeEffects, parsePayload } from "../core/payload.js";
import { type Entry, evolve, initialState, type State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import type { CurrentRow, EventPage, EventPayload, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { eventsIn, type Line } from "./line.js";

/** Events read at once; bounds memory, not results. */
const largestPage = 500;

/** An event record as replay applies it. */
export function applyRecord(
  record: EventRecord,
  codec: Codec,
  context: string,
): AppliedEvent & { hash: string } {
  const place = { context, sequence: record.sequence };
  const payload = parsePayload(record.payload, place);
  return { effects: decodeEffects(payload, codec, place), details: payload.details, ...record };
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

/** Characters of payloads to read at once, as far as that can be told from those before. */
const mostPageCharacters = 4 * 2 ** 20;

/** How many events to read next, after a full page: more and more, but no more than fit into some memory. */
export function nextLimit(limit: number, records: readonly EventPayload[]): number {
  const characters = records.reduce((sum, { payload }) => sum + payload.length, 0);
  const fitting = Math.floor((mostPageCharacters * records.length) / characters);
  return Math.max(1, Math.min(limit * 4, largestPage, fitting));
}

/** From so many missed events on, reading the present keys may cost less than replaying what was missed. */
const mostReplayed = 200;

/** Brings a state up to the newest event, by replay or by loading the present keys, whichever costs less. */
export function* catchUp(log: Log, line: Line, state: State, codec: Codec, name: string): Program<State> {
  const head = yield* wait(log.head(line.context));
  const missed = (head?.sequence ?? 0) - state.sequence;
  if (missed > Math.max(mostReplayed, sizeOf(state))) return yield* loadState(log, line.context, codec, name);
  let caughtUp = state;
  yield* eachEvent(log, line, { order: "oldest", after: state.sequence }, (record) => {
    caughtUp = evolve(caughtUp, applyRecord(record, codec, name));
    return true;
  });
  return caughtUp;
}

/** How many entries a state has, and thus about how many a load would read. */
function sizeOf({ scopes }: State): number {
  return Object.values(scopes).reduce((sum, { size }) => sum + size, 0);
}

/** Loads the present state from the projection of present keys; costs the keys, not the history. */
export function* loadState(log: Log, context: number, codec: Codec, name: string): Program<State> {
  const head = yield* wait(log.head(context));
  if (head === undefined) throw new ContextError("CONTEXT_NOT_FOUND", { context: name });
  const rows = yield* wait(log.current(context));
  try {
    return stateOf(head, rows, codec);
  } catch (cause) {
    if (isContextError(cause)) throw cause;
    const why =
      "a present value is not one of ours; store.rebuild() makes the present values anew from the events";
    throw new ContextError("EVENT_UNREADABLE", { context: name, sequence: head.sequence, why }, { cause });
  }
}

function stateOf(head: EventRecord, rows: readonly CurrentRow[], codec: Codec): State {
  const entries = new Map<CurrentRow["scope"], Map<string, Entry>>();
  for (const row of rows) {
    const scope = entries.get(row.scope) ?? new Map<string, Entry>();
    entries.set(row.scope, scope.set(row.key, entryOf(row, codec)));
  }
  const scopes = { ...initialState.scopes };
  for (const [scope, keys] of entries) scopes[scope] = KeyMap.from(keys);
  const persistentBytes = [...scopes.persistent.entries()].reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const { sequence, version, recordedAt, hash } = head;
  return { sequence, version, recordedAt, hash, scopes, persistentBytes };
}

function entryOf(row: CurrentRow, codec: Codec): Entry {
  const { created, sequence, version, changedAt, value } = row;
  const held = value === null ? { value: true, sharable: true } : codec.read(value);
  const bytes = value === null ? 0 : Buffer.byteLength(value);
  return { value: held.value, sharable: held.sharable, bytes, created, sequence, version, changedAt };
}
