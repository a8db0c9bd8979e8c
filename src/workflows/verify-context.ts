import { Erasures } from "../core/erasures.js";
import { isContextError } from "../core/errors.js";
import type { EventRecord } from "../core/event.js";
import type { KeyMap } from "../core/key-map.js";
import type { Entry, State } from "../core/state.js";
import type { ContextRow, Log } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { checkEvent } from "./check-event.js";
import { inheritedRows } from "./fork.js";
import { eventsIn, type Line, lineOf } from "./line.js";
import { stateBefore } from "./rebuild.js";
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
  const base = yield* readable(() => stateBefore(site, log, row));
  if (base === undefined) {
    const why = "the state that it was forked from cannot be read by the key index";
    note({ sequence: row.forkSequence, kind: "projection", why });
    return 0;
  }
  const rows = new RowCheck(log, row, note);
  yield* rows.expect(base.sequence === 0 ? [] : inheritedRows(base, line, site.codec));
  const walk = yield* walkChain(site, log, { row, line, base, rows }, note, look);
  const events = walk.state.sequence - row.forkSequence;
  if (!walk.isWhole) return events;
  if (events === 0 || walk.state.sequence < (row.keptSequence ?? 0)) {
    note({ sequence: walk.state.sequence + 1, kind: "chain", why: "it is missing" });
    return events;
  }
  for (const why of yield* rowFaults(log, row, walk)) note({ sequence: undefined, kind: "context", why });
  if (row.keptSequence === null) {
    for (const { sequence, why } of walk.erasures.faults) note({ sequence, kind: "erasure", why });
    yield* rows.compareCurrent(walk.state, site.codec);
    yield* compareSnapshots(site, log, { line, marked: walk.marked }, note);
  }
  yield* rows.compareCounts();
  return events;
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
  /** The persistent keys at each event that a listed snapshot marks. */
  readonly marked: ReadonlyMap<number, KeyMap<Entry>>;
}

/** Replays a context's own events, as long as each fits what came before it. */
function* walkChain(
  site: Site,
  log: Log,
  { row, line, base, rows }: { row: ContextRow; line: Line; base: State; rows: RowCheck },
  note: NoteFault,
  look: (event: EventRecord) => void,
): Program<Walk> {
  const listed = (yield* wait(log.current(row.context))).filter(({ scope }) => scope === "snapshot");
  const wanted = new Set(listed.map(({ sequence }) => sequence));
  const marked = new Map<number, KeyMap<Entry>>();
  const erasures = new Erasures(base.sequence);
  let state = base;
  let createdAt: number | undefined;
  for (;;) {
    const page = yield* eventsIn(log, line, { order: "oldest", after: state.sequence, limit: 500 });
    for (const event of page) {
      const step = checkEvent(site, state, event, row.name);
      if ("why" in step) {
        note({ sequence: state.sequence + 1, kind: "chain", why: step.why });
        return { isWhole: false, state, createdAt, erasures, marked };
      }
      erasures.note(event, step.payload);
      yield* rows.expect(step.rows);
      state = step.after;
      createdAt ??= event.recordedAt;
      if (wanted.has(state.sequence)) marked.set(state.sequence, state.scopes.persistent);
      look(event);
    }
    if (page.length === 0) return { isWhole: true, state, createdAt, erasures, marked };
  }
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
function* readable(read: () => Program<State>): Program<State | undefined> {
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
