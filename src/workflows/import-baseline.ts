import {
  baselineDigest,
  baselineFacts,
  baselineSequences,
  erasedIn,
  standingRecord,
} from "../core/baseline.js";
import { prunedBy } from "../core/erasures.js";
import { ContextError, isContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import type { ContextLine } from "../core/export-format.js";
import { parsePayload, type StoredPayload } from "../core/payload.js";
import type { State } from "../core/state.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import type { InheritedKeyRow, RowWrite } from "../projections/rows.js";
import { baselineOf, baselineRows } from "./baseline.js";
import { lineOf } from "./line.js";
import type { ImportedEvent } from "./read-export.js";
import type { Site } from "./site.js";

/** What a context begins with when it is imported. */
export interface Begun {
  readonly context: number;
  readonly state: State;
  /** Rows that are to be written with its first event. */
  readonly inherited: readonly RowWrite[];
  readonly baseline: ProvenBaseline | undefined;
}

/** A baseline that was imported. */
export interface ProvenBaseline {
  readonly floor: number;
  /** Of what its pruning told of, and of all that was imported: a fork brings what it shared. */
  readonly own: string;
  readonly digest: string;
  readonly events: number;
  /** The events of it in which something was erased. */
  readonly erased: readonly number[];
}

/**
 * Makes the row of a context whose history was pruned, and writes its baseline, which comes first among its events.
 * @throws {ContextError} EXPORT_INVALID
 */
export function* importBaseline(
  site: Site,
  log: WritableLog,
  line: ContextLine & { readonly floor: number },
  events: Iterator<ImportedEvent>,
  { source, at }: { readonly source: string; readonly at: number },
): Program<Begun> {
  const invalid = (why: string, cause?: unknown) =>
    new ContextError("EXPORT_INVALID", { source, line: at, why }, { cause });
  const records = takeBaseline(events, line.floor);
  if (records === undefined) throw invalid("its baseline is not whole");
  if (records[0]?.recordedAt !== line.createdAt)
    throw invalid("it names another time of creation than its first event");
  const last = records.at(-1);
  const facts = last && baselineFacts(parsePayload(last.payload, { context: "", sequence: line.floor }));
  if (facts === undefined || !isMadeOf(records, baselineSequences(facts)))
    throw invalid("its baseline is made of other events than it tells");
  const bare = records.map((record) => standingRecord(record, facts, record === last));
  const baseline = readable(() => baselineOf(bare, facts, site.codec, line.context), invalid);
  const { state } = baseline;
  const context = yield* wait(log.createContext({ name: line.context, createdAt: line.createdAt }));
  for (const record of bare.slice(0, -1)) yield* wait(log.append(context, record, []));
  const rows = baselineRows(baseline, yield* lineOf(log, context), site.codec);
  const rowsOfFloor = rows.map((row) => (isOf(row, line.floor) ? ofFloor(row) : row));
  for (const record of bare.slice(-1)) yield* wait(log.append(context, record, rowsOfFloor));
  yield* wait(log.setFloor(context, line.floor, 0));
  const own = baselineDigest(bare, facts, site.host.digest);
  const digest = baselineDigest(bare, { after: 0 }, site.host.digest);
  const proven = { floor: line.floor, own, digest, events: bare.length, erased: erasedIn(bare) };
  return { context, state, inherited: [], baseline: proven };
}

/** Whether an event tells of the pruning that a baseline comes from, and of another baseline. */
export function tellsOfAnother(
  baseline: ProvenBaseline | undefined,
  { type }: EventRecord,
  payload: StoredPayload,
): boolean {
  const pruning = type === "history_pruned" ? prunedBy(payload) : undefined;
  return pruning !== undefined && pruning.floor === baseline?.floor && pruning.baseline !== baseline.own;
}

function isOf(row: RowWrite, floor: number): row is InheritedKeyRow {
  return row.table === "inherited-key" && row.sequence === floor;
}

/** A line of the index that leads to the very event it is written with. */
function ofFloor({ scope, key, sequence, created, operation }: InheritedKeyRow): RowWrite {
  return { table: "key-changes", scope, key, sequence, created, operation };
}

function takeBaseline(events: Iterator<ImportedEvent>, floor: number): EventRecord[] | undefined {
  const records: EventRecord[] = [];
  for (let step = events.next(); step.done !== true; step = events.next()) {
    const { record } = step.value;
    if (record.sequence > floor || record.sequence <= (records.at(-1)?.sequence ?? 0)) return undefined;
    records.push(record);
    if (record.sequence === floor) return records;
  }
  return undefined;
}

function isMadeOf(records: readonly EventRecord[], sequences: readonly number[]): boolean {
  return (
    records.length === sequences.length &&
    records.every(({ sequence }, index) => sequence === sequences[index])
  );
}

function readable<Result>(
  read: () => Result,
  invalid: (why: string, cause: unknown) => ContextError,
): Result {
  try {
    return read();
  } catch (error) {
    if (isContextError(error, "CLASS_UNKNOWN")) throw error;
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
}
