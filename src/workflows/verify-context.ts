import { baselineDigest, erasedIn } from "../core/baseline.js";
import { Erasures, prunedBy } from "../core/erasures.js";
import { isContextError } from "../core/errors.js";
import { type EventRecord, storeStream } from "../core/event.js";
import { misstatedSize } from "../core/misstated-size.js";
import type { KeyMap } from "../core/key-map.js";
import type { Entry, State } from "../core/state.js";
import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { parsePayload, type StoredPayload } from "../core/payload.js";
import type { Baseline } from "./baseline.js";
import { checkEvent } from "./check-event.js";
import { eventsIn, type Line, lineOf } from "./line.js";
import { type Beginning, beginningOf } from "./rebuild.js";
import type { Site } from "./site.js";
import { stateAt } from "./state-at.js";
import type { NoteFault } from "./fault.js";
import { RowCheck } from "./verify-rows.js";
import { nameOf } from "./workplace.js";

/** Checks one context: its chain, its derived rows, its snapshots; gives how many events of its own it has. */
export function* verifyContext(
  site: Site,
  log: Log,
  row: ContextRow,
  note: NoteFault,
  look: (event: EventRecord) => void,
): Program<number> {
  const line = yield* lineOf(log, row.context);
  const begin = yield* readable(() => beginningOf(site, log, row));
  if (begin === undefined) {
    note(unreadableBeginning(row));
    return 0;
  }
  const rows = new RowCheck(log, row, note);
  yield* rows.expect(begin.rows);
  const walk = yield* walkChain(site, log, { row, line, begin, rows }, note, look);
  const events = walk.state.sequence - begin.state.sequence;
  if (!walk.isWhole) return events;
  for (const why of yield* baselineFaults(site, log, row, begin.baseline, walk))
    note({ sequence: row.floorSequence, kind: "chain", why });
  if ((events === 0 && row.floorSequence === 0) || walk.state.sequence < (row.keptSequence ?? 0)) {
    note({ sequence: walk.state.sequence + 1, kind: "chain", why: "it is missing" });
    return events;
  }
  for (const why of yield* rowFaults(log, row, walk)) note({ sequence: undefined, kind: "context", why });
  if (row.keptSequence === null) {
    for (const { sequence, why } of walk.erasures.faults) note({ sequence, kind: "erasure", why });
    const misstated = misstatedSize(walk.state);
    if (misstated !== undefined) {
      const why = `a patch tells another size of key ${JSON.stringify(misstated)} than it has`;
      note({ sequence: undefined, kind: "chain", why });
    }
    yield* rows.compareCurrent(walk.state, site.codec);
    yield* compareSnapshots(site, log, { line, marked: walk.marked }, note);
  }
  yield* rows.compareCounts();
  return events;
}

function unreadableBeginning({ forkSequence, floorSequence }: ContextRow): Parameters<NoteFault>[0] {
  if (floorSequence > 0) {
    const why = "the baseline that its pruned history begins with cannot be read";
    return { sequence: floorSequence, kind: "chain", why };
  }
  const why = "the state that it was forked from cannot be read by the key index";
  return { sequence: forkSequence, kind: "projection", why };
}

/** What is wrong with a baseline, which no hash covers but the digest that its pruning or its import recorded. */
function* baselineFaults(
  site: Site,
  log: Log,
  { forkSequence, floorSequence, keptSequence }: ContextRow,
  baseline: Baseline | undefined,
  { pruned }: Walk,
): Program<string[]> {
  const [floor = 0] = [...pruned.keys()].slice(-1);
  if (floor > floorSequence) return [`its history was pruned up to #${floor}, and begins before that`];
  // What told of it went with the rest of a deleted context.
  if (baseline === undefined || keptSequence !== null) return [];
  const { records, facts } = baseline;
  const { digest } = site.host;
  const isOwn = facts.after === forkSequence;
  if (isOwn && pruned.get(floorSequence) === baselineDigest(records, facts, digest)) return [];
  if (yield* isImported(log, baselineDigest(records, { after: 0 }, digest))) return [];
  return ["no event tells of the baseline that it begins with"];
}

/** Whether an import took over a baseline of this digest. */
function* isImported(log: Log, digest: string): Program<boolean> {
  for (let after = 0; ;) {
    const page = yield* wait(
      log.events(storeStream, { order: "oldest", after, limit: 500, type: "context_imported" }),
    );
    for (const { payload, sequence } of page) {
      after = sequence;
      if (parsePayload(payload, { context: "", sequence }).details.baseline === digest) return true;
    }
    if (page.length === 0) return false;
  }
}

/** What is wrong with a context's own row, which is no projection and which no hash covers. */
function* rowFaults(log: Log, row: ContextRow, { state, createdAt }: Walk): Program<string[]> {
  const { context, name, keptSequence } = row;
  const faults: string[] = [];
  if (row.createdAt !== createdAt) faults.push("its time of creation is not that of its first event");
  if (keptSequence === null) {
    if (nameOf(state) !== name) faults.push("it has another name than its events give it");
  } else {
    const needed = (yield* wait(log.forksOf(context))).map(({ forkSequence }) => forkSequence);
    if (state.sequence !== Math.max(0, ...needed) || keptSequence !== state.sequence)
      faults.push("it counts as deleted, and what is there is not what its forks need");
  }
  return faults;
}

interface Walk {
  readonly isWhole: boolean;
  readonly state: State;
  /** When the first of its own events was recorded. */
  readonly createdAt: number | undefined;
  readonly erasures: Erasures;
  /** The floors that events tell of, in order, each with the digest of its baseline. */
  readonly pruned: ReadonlyMap<number, string>;
  /** The persistent keys at each event that a listed snapshot marks. */
  readonly marked: ReadonlyMap<number, KeyMap<Entry>>;
}

/** Replays a context's own events, as long as each fits what came before it. */
function* walkChain(
  site: Site,
  log: Log,
  { row, line, begin, rows }: { row: ContextRow; line: Line; begin: Beginning; rows: RowCheck },
  note: NoteFault,
  look: (event: EventRecord) => void,
): Program<Walk> {
  const listed = (yield* wait(log.current(row.context))).filter(({ scope }) => scope === "snapshot");
  const wanted = new Set(listed.map(({ sequence }) => sequence));
  const marked = new Map<number, KeyMap<Entry>>();
  const pruned = new Map<number, string>();
  const below = begin.baseline?.records ?? [];
  const erasures = new Erasures(begin.state.sequence, erasedIn(below));
  let { state } = begin;
  let createdAt = below.find(({ sequence }) => sequence > row.forkSequence)?.recordedAt;
  if (wanted.has(state.sequence)) marked.set(state.sequence, state.scopes.persistent);
  for (;;) {
    const page = yield* eventsIn(log, line, { order: "oldest", after: state.sequence, limit: 500 });
    for (const event of page) {
      const step = checkEvent(site, state, event, row.name);
      if ("why" in step) {
        note({ sequence: state.sequence + 1, kind: "chain", why: step.why });
        return { isWhole: false, state, createdAt, erasures, pruned, marked };
      }
      erasures.note(event, step.payload);
      notePruning(event, step.payload, pruned);
      yield* rows.expect(step.rows);
      state = step.after;
      createdAt ??= event.recordedAt;
      if (wanted.has(state.sequence)) marked.set(state.sequence, state.scopes.persistent);
      look(event);
    }
    if (page.length === 0) return { isWhole: true, state, createdAt, erasures, pruned, marked };
  }
}

function notePruning({ type }: EventRecord, payload: StoredPayload, pruned: Map<number, string>): void {
  const told = type === "history_pruned" ? prunedBy(payload) : undefined;
  if (told !== undefined) pruned.set(told.floor, told.baseline);
}

/** The states that snapshots mark must be found by the index as they were when the events were replayed. */
function* compareSnapshots(
  site: Site,
  log: Log,
  { line, marked }: { readonly line: Line; readonly marked: ReadonlyMap<number, KeyMap<Entry>> },
  note: NoteFault,
): Program<void> {
  for (const [sequence, keys] of marked) {
    const found = yield* readable(() => stateAt(site, log, line, sequence));
    if (found !== undefined && tell(found.scopes.persistent) === tell(keys)) continue;
    note({
      sequence,
      kind: "snapshot",
      why: "the state that it marks cannot be read as the events say it was",
    });
  }
}

/** A state that is found by the index, which may lead to events that do not say what it says. */
function* readable<Result>(read: () => Program<Result>): Program<Result | undefined> {
  try {
    return yield* read();
  } catch (error) {
    if (isContextError(error, "EVENT_UNREADABLE")) return undefined;
    throw error;
  }
}

/** Keys in their order, and by which events they have their values: an event gives a key one value. */
function tell(keys: KeyMap<Entry>): string {
  return JSON.stringify([...keys.entries()].map(([key, { sequence, created }]) => [key, sequence, created]));
}
