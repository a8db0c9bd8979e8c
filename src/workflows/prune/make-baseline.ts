import { type BaselineFacts, baselineSequences, standingRecord, withFacts } from "../../core/baseline.js";
import { type EventRecord, type Scope, scopes } from "../../core/event.js";
import { parsePayload } from "../../core/payload.js";
import type { Codec } from "../../core/value/codec.js";
import type { Log } from "../../engines/engine.js";
import { type Program, wait } from "../../program/program.js";
import { type Baseline, baselineOf, readWhole } from "../baseline.js";
import { eventOfVersion } from "../event-of-version.js";
import { eventAt, keysAtIn, type Line, segmentAt } from "../line.js";

/** Receipts that outlive their events: the newest ones, since whoever repeats a command does so soon. */
const mostReceipts = 10_000;

/** A baseline to be, and the events that it is made of as they are to stand in the log from then on. */
export interface MadeBaseline {
  readonly baseline: Baseline;
  /** Only those that are another now, and the context's own. */
  readonly rewritten: readonly EventRecord[];
}

/** Makes the baseline that a line can begin with at an event; reads the keys, and not the history. */
export function* makeBaseline(
  log: Log,
  line: Line,
  floor: EventRecord,
  codec: Codec,
  name: string,
): Program<MadeBaseline> {
  const facts = yield* makeFacts(log, line, floor);
  const records: EventRecord[] = [];
  const rewritten: EventRecord[] = [];
  for (const sequence of baselineSequences(facts)) {
    const isFloor = sequence === floor.sequence;
    const record = yield* eventAt(log, line, sequence);
    if (record === undefined)
      throw new Error(`Event #${sequence} cannot be found; this is a bug in durable-context.`);
    const whole = yield* readWhole(log, line, record, codec, name);
    const made = isFloor ? withBaseline(whole, facts) : whole;
    if (made !== record && sequence > facts.after) rewritten.push(made);
    records.push(standingRecord(made, facts, isFloor));
  }
  return { baseline: baselineOf(records, facts, codec, name), rewritten };
}

function* makeFacts(log: Log, line: Line, floor: EventRecord): Program<BaselineFacts> {
  const { sequence } = floor;
  const made = yield* eventOfVersion(log, line, floor);
  // By its first event a context is known to those that it was merged into, and by its creation.
  const kept = [segmentAt(line, sequence).after + 1, made, sequence];
  const standing = new Map(kept.map((each) => [each, [] as [Scope, string, number][]]));
  for (const scope of scopes) {
    for (const { key, operation, created, ...change } of yield* keysAtIn(log, line, scope, sequence)) {
      if (operation === "delete" || operation === "unprotect") continue;
      const keys = standing.get(change.sequence) ?? [];
      standing.set(change.sequence, keys);
      keys.push([scope, key, created]);
    }
  }
  const { context, after } = segmentAt(line, sequence);
  const receipts = yield* wait(log.receiptsUpTo(context, sequence, mostReceipts));
  return {
    after,
    made,
    standing: Object.fromEntries(standing),
    receipts: receipts.map(({ idempotencyKey, command, outcome, ...receipt }) => [
      idempotencyKey,
      receipt.sequence,
      command,
      outcome,
    ]),
  };
}

/** The event of a floor, with what it tells of its baseline. */
function withBaseline(record: EventRecord, facts: BaselineFacts): EventRecord {
  const payload = parsePayload(record.payload, { context: "", sequence: record.sequence });
  return { ...record, payload: JSON.stringify(withFacts(payload, facts)) };
}
