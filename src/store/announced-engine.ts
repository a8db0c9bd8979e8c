import { channel } from "node:diagnostics_channel";
import type { EventHeader, EventRecord } from "../core/event.js";
import type { Engine, WritableLog } from "../engines/engine.js";
import { type Mode, type Program, type Waitable, wait } from "../program/program.js";
import { tellListeners } from "./tell-listeners.js";
import { type GroupListener, TurnEnd } from "./turn-end.js";

/** What is published on the channel `durable-context:commit`: the events that one transaction appended. */
export interface Commit {
  /** Where the store is, as `store.location` says. */
  readonly store: string;
  readonly events: readonly CommittedEvent[];
}

/** An event without what it did: that may be large, or nobody else's business. */
export interface CommittedEvent extends Omit<EventHeader, "recordedAt" | "idempotencyKey"> {
  /** The number of the event in the whole store. */
  readonly position: number;
  /** The context's id; empty for the store's own events, which tell of contexts deleted and loaded. */
  readonly context: string;
  /** When it was recorded, in ms since the epoch. */
  readonly at: number;
}

const commits = channel("durable-context:commit");

/** An engine that tells of its commits, and what ends its groups. */
export interface Announced<M extends Mode> {
  readonly engine: Engine<M>;
  readonly turn: TurnEnd;
}

/**
 * Makes an engine tell of its commits: those that appended something on the diagnostics channel, if anybody
 * subscribed before they began, and all of them to the listeners. They are told when the program ends that
 * committed, since only then the states in memory are what was committed: whoever is told may read, and write.
 * Where writes are grouped, they are told when the group is committed; if it fails, that is told instead.
 */
export function announcedEngine<M extends Mode>(
  engine: Engine<M>,
  listeners: ReadonlySet<() => void>,
  onFailure: GroupListener["failed"] = () => undefined,
): Announced<M> {
  const untold: (readonly CommittedEvent[])[] = [];
  const turn = new TurnEnd(engine.group, { committed: tellTogether, failed: fail });

  function* write<Result>(work: (log: WritableLog) => Program<Result>): Program<Result> {
    const events: CommittedEvent[] = [];
    const result = yield* engine.write(commits.hasSubscribers ? (log) => collect(log, work, events) : work);
    untold.push(events);
    return result;
  }

  function* announcing<Result>(program: Program<Result>): Program<Result> {
    try {
      return yield* program;
    } finally {
      if (engine.group.isOpen()) turn.schedule();
      else if (engine.group.failure() === undefined) tell();
    }
  }

  function tell(): void {
    for (let events = untold.shift(); events !== undefined; events = untold.shift()) {
      if (events.length > 0) commits.publish(commitOf(engine.location, events));
      tellListeners(listeners);
    }
  }

  /** A group is one commit, however many writes it holds. */
  function tellTogether(): void {
    if (untold.length === 0) return;
    for (const events of untold.splice(0)) {
      if (events.length > 0) commits.publish(commitOf(engine.location, events));
    }
    tellListeners(listeners);
  }

  function fail(error: Error, isTold: boolean): void {
    untold.length = 0;
    onFailure(error, isTold);
  }

  return { engine: { ...engine, run: (program) => engine.run(announcing(program)), write }, turn };
}

/** Does the work, and collects what it appends, under the names that the contexts have when it ends. */
function* collect<Result>(
  log: WritableLog,
  work: (log: WritableLog) => Program<Result>,
  events: CommittedEvent[],
): Program<Result> {
  const appended: { context: number; record: EventRecord; position: Waitable<number> }[] = [];
  const result = yield* work({
    ...log,
    append: (context, record, rows) => {
      const position = log.append(context, record, rows);
      appended.push({ context, record, position });
      return position;
    },
  });
  for (const { context, record, position } of appended) {
    const name = yield* wait(log.contextName(context));
    events.push(committed(record, yield* wait(position), name ?? ""));
  }
  return result;
}

/** Frozen, since subscribers share it. */
function commitOf(store: string, events: readonly CommittedEvent[]): Commit {
  return Object.freeze({ store, events: Object.freeze(events) });
}

function committed(record: EventRecord, position: number, context: string): CommittedEvent {
  const { sequence, version, type, actor, cause, phase, batch, tags, recordedAt: at } = record;
  const origin = { actor, cause, phase, batch, tags: tags && Object.freeze({ ...tags }) };
  return Object.freeze({ position, context, sequence, version, type, ...origin, at });
}
