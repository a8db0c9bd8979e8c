import type { Command } from "../core/commands/command.js";
import { takeSnapshot } from "../core/commands/snapshot.js";
import { decide, record, type Recorded } from "../core/decide.js";
import { ContextError } from "../core/errors.js";
import { type DraftEffect, type EventDraft, movesVersion, type Origin } from "../core/event.js";
import { enforceLimits, type LimitRules, limitsOf, passed } from "../core/limits.js";
import { newestSnapshot } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import { withPatches } from "../core/with-patches.js";
import type { WritableLog } from "../engines/engine.js";
import { type Program, wait } from "../program/program.js";
import { project, type ProjectedEffect, type ProjectedEvent } from "../projections/project.js";
import { eraseEnded } from "./erase-ended.js";
import { withFloors } from "./line.js";
import { catchUp } from "./replay.js";
import { type Live, nameOf, type StoreWarning, type Workplace } from "./workplace.js";

/**
 * One transaction's worth of work: commands are decided on states in hand, in order, and their events are
 * appended before the transaction commits. The contexts' states in memory change only after the commit.
 */
export class Unit {
  readonly log: WritableLog;
  readonly batch: string | null;
  /** The first refusal that nobody was there to catch; it makes the whole unit fail. */
  failure: { readonly error: unknown } | undefined;
  readonly #workplace: Workplace;
  readonly #states = new Map<Live, State>();
  readonly #marks = new Map<Live, number>();
  #pending: { readonly live: Live; readonly before: State; readonly recorded: Recorded }[] = [];
  #warnings: StoreWarning[] = [];
  #flushes = 0;
  #isDeciding = false;
  /** The contexts whose version this unit has moved. */
  readonly #moved = new Set<Live>();

  constructor(workplace: Workplace, log: WritableLog, batch: string | null) {
    this.#workplace = workplace;
    this.log = log;
    this.batch = batch;
  }

  /** The state that the next command of this context would be decided on, if the unit has touched it. */
  stateOf(live: Live): State | undefined {
    return this.#states.get(live);
  }

  /** A context that the unit has touched, by the engine's number. */
  liveOf(context: number): Live | undefined {
    return [...this.#states.keys()].find((live) => live.context === context);
  }

  /** Takes a context in, on the state that everybody's writes so far have made. */
  *join(live: Live): Program<State> {
    const known = this.#states.get(live);
    if (known !== undefined) return known;
    const mark = yield* wait(this.log.changeMark());
    let state = live.state;
    if (mark !== live.mark) {
      if (!(yield* wait(this.log.hasContext(live.context)))) live.isDeleted = true;
      else {
        live.line = yield* withFloors(this.log, live.line);
        state = yield* catchUp(this.log, live.line, state, this.#workplace.codec, nameOf(state));
      }
    }
    if (live.isDeleted) throw new ContextError("CONTEXT_DELETED", { context: nameOf(live.state) });
    this.#marks.set(live, mark);
    this.#states.set(live, state);
    return state;
  }

  /** Decides a command on the context's state and keeps its event for the append; needs no waiting. */
  decide<Outcome>(live: Live, command: Command<Outcome>, origin: Origin, receipt?: string): Outcome {
    const state = this.#states.get(live);
    if (state === undefined)
      throw new Error("The context did not join the unit; this is a bug in durable-context.");
    let time: number | undefined;
    const now = () => (time ??= this.#workplace.host.now());
    const around = { context: nameOf(state), receipt, now };
    const { draft, outcome } = this.#alone(() => decide(state, command, around));
    if (draft !== undefined) this.#record(live, state, draft, { ...origin, batch: this.batch }, now());
    return outcome;
  }

  /** Appends what was decided so far. */
  *flush(): Program<void> {
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length > 0) this.#flushes += 1;
    for (const { live, before, recorded } of pending) {
      yield* wait(this.log.append(live.context, recorded.record, project(projected(recorded, before))));
      yield* eraseEnded(this.#workplace.host, this.log, live.context, recorded);
    }
  }

  /**
   * Runs part of the work so that nothing stays of it if it throws. What was flushed meanwhile cannot be
   * taken out alone: then the whole unit fails.
   */
  attempt<Result>(work: () => Result): Result {
    const [states, pending, warnings, flushes] = [
      new Map(this.#states),
      [...this.#pending],
      [...this.#warnings],
      this.#flushes,
    ];
    try {
      return work();
    } catch (error) {
      if (flushes !== this.#flushes) this.failure ??= { error };
      this.#states.clear();
      for (const [live, state] of states) this.#states.set(live, state);
      this.#pending = pending;
      this.#warnings = warnings;
      throw error;
    }
  }

  /** Takes the automatic snapshots that are due. */
  snapshotWhereDue(origin: Origin): void {
    for (const live of this.#moved) {
      const state = this.#states.get(live);
      if (state === undefined || live.autoSnapshot === 0) continue;
      if (state.version - (newestSnapshot(state)?.version ?? 0) < live.autoSnapshot) continue;
      const { codec, host, rules } = this.#workplace;
      const about = codec.take({ reason: "auto", metadata: {} }, "snapshot");
      const taking = { id: host.newId(), about, isPinned: false, rule: rules.snapshots };
      this.decide(live, takeSnapshot(taking, codec), { ...origin, idempotencyKey: null });
    }
  }

  /** Makes the new states the present ones; called after the commit. */
  publish(): void {
    for (const [live, state] of this.#states) {
      live.state = state;
      live.mark = this.#marks.get(live) ?? live.mark;
    }
    for (const warning of this.#warnings) this.#workplace.warn(warning);
  }

  /**
   * A decision may run a function of the caller's, on a state that nothing may move meanwhile.
   * @throws {ContextError} BATCH_UNSUPPORTED when that function writes
   */
  #alone<Result>(work: () => Result): Result {
    if (this.#isDeciding)
      throw new ContextError("BATCH_UNSUPPORTED", { verb: "A write in the function of an edit" });
    this.#isDeciding = true;
    try {
      return work();
    } finally {
      this.#isDeciding = false;
    }
  }

  #record(live: Live, state: State, draft: EventDraft, origin: Origin, now: number): void {
    const { host, rules } = this.#workplace;
    const recorded = record(state, withPatches(state, draft, rules.patches), origin, now, host);
    // What must go goes, whatever stands in its place.
    if (draft.type !== "values_erased" && draft.effects.some(({ op }) => op === "set"))
      this.#checkLimits(state, recorded.state, recorded.draft, rules.limits);
    this.#states.set(live, recorded.state);
    if (recorded.state.version > state.version) this.#moved.add(live);
    this.#pending.push({ live, before: state, recorded });
  }

  #checkLimits(before: State, after: State, draft: EventDraft, defaults: LimitRules): void {
    const context = nameOf(after);
    const { refuse, warn } = limitsOf(after, defaults);
    if (draft.effects.some(movesVersion) || refuse.valueBytes !== undefined) {
      enforceLimits(refuse, context, before, after, draft);
    }
    for (const warning of passed(warn, before, after, draft)) {
      this.#warnings.push({ kind: "limit", context, ...warning });
    }
  }
}

/** An event that was just made, as projections see it. */
export function projected({ record, draft }: Recorded, before: State): ProjectedEvent {
  return {
    header: record,
    effects: draft.effects.map(projectedEffect),
    details: draft.details,
    createdOf: (scope, key) => before.scopes[scope].get(key)?.created,
  };
}

function projectedEffect(effect: DraftEffect): ProjectedEffect {
  const { scope, key } = effect;
  switch (effect.op) {
    case "set":
      return { op: "set", scope, key, text: effect.held.text, bytes: effect.held.bytes };
    case "patch":
      return { op: "set", scope, key, text: null, bytes: effect.held.bytes };
    case "delete":
    case "protect":
    case "unprotect":
      return { op: effect.op, scope, key, text: null, bytes: 0 };
  }
}
