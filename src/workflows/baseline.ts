import {
  type BaselineFacts,
  baselineFacts,
  baselineSequences,
  baselineState,
  standingRecord,
  wholeRecord,
} from "../core/baseline.js";
import { ContextError } from "../core/errors.js";
import { type EventRecord, placeName, scopes } from "../core/event.js";
import { parsePayload, patchIn } from "../core/payload.js";
import type { State } from "../core/state.js";
import type { Codec } from "../core/value/codec.js";
import type { Log } from "../engines/engine.js";
import type { Program } from "../program/program.js";
import type { RowWrite } from "../projections/rows.js";
import { inheritedRows } from "./fork.js";
import { hasPatches } from "./effect-reader.js";
import { eventAt, floorOf, type Line } from "./line.js";
import { valuesOfChanges } from "./whole-value.js";

/** What a pruned history begins with: the state at its floor, and the events that made what stands there. */
export interface Baseline {
  readonly facts: BaselineFacts;
  /** Oldest first, the floor's own last; none has more in it than what stands by it. */
  readonly records: readonly EventRecord[];
  readonly state: State;
}

/**
 * Reads the baseline of a line, by the numbers of its events and not by the key index.
 * @throws {ContextError} EVENT_UNREADABLE where it is not whole
 */
export function* readBaseline(log: Log, line: Line, codec: Codec, name: string): Program<Baseline> {
  const floor = floorOf(line);
  const last = yield* eventAt(log, line, floor);
  const facts = last && baselineFacts(parsePayload(last.payload, { context: name, sequence: floor }));
  if (facts === undefined) throw unreadable(name, floor);
  const records: EventRecord[] = [];
  for (const sequence of baselineSequences(facts)) {
    const record = yield* eventAt(log, line, sequence);
    if (record === undefined) throw unreadable(name, sequence);
    // Ancestors' events are as they were made.
    const whole = yield* readWhole(log, line, record, codec, name);
    records.push(standingRecord(whole, facts, sequence === floor));
  }
  return baselineOf(records, facts, codec, name);
}

/** An event of a line with whole values in the place of changes. */
export function* readWhole(
  log: Log,
  line: Line,
  record: EventRecord,
  codec: Codec,
  name: string,
): Program<EventRecord> {
  if (!hasPatches(record)) return record;
  const { sequence } = record;
  const { effects } = parsePayload(record.payload, { context: name, sequence });
  const changes = effects
    .filter((effect) => patchIn(effect) !== undefined)
    .map(({ scope, key }) => ({ scope, key, sequence }));
  const values = yield* valuesOfChanges(log, line, changes, codec, name);
  const texts = new Map(
    [...values].map(([change, { value }]) => [placeName(change), codec.describe(value, change.key).text]),
  );
  return wholeRecord(record, (effect) => texts.get(placeName(effect)));
}

/**
 * Makes a baseline of its events.
 * @throws {ContextError} EVENT_UNREADABLE where they do not set what is said to stand by them
 */
export function baselineOf(
  records: readonly EventRecord[],
  facts: BaselineFacts,
  codec: Codec,
  name: string,
): Baseline {
  const state = baselineState(records, facts, codec, name);
  if (state === undefined) throw unreadable(name, records.at(-1)?.sequence ?? 0);
  return { facts, records, state };
}

/** The rows that a pruned context begins with. */
export function baselineRows({ state, facts }: Baseline, line: Line, codec: Codec): RowWrite[] {
  return [
    ...inheritedRows(state, line, codec, scopes),
    ...facts.receipts.map(([idempotencyKey, sequence, command, outcome]): RowWrite => {
      return { table: "receipts", idempotencyKey, sequence, command, outcome };
    }),
  ];
}

function unreadable(context: string, sequence: number): ContextError {
  const why = "it should be part of the baseline that a pruned history begins with, and is not";
  return new ContextError("EVENT_UNREADABLE", { context, sequence, why });
}
