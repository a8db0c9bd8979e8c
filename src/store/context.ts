import { deleteKey } from "../core/commands/delete.js";
import { changeLimits, changeMetadata } from "../core/commands/describe.js";
import { clearEphemeralKeys, setEphemeralKey } from "../core/commands/ephemeral.js";
import { mergeKeys } from "../core/commands/merge.js";
import { protectKey, unprotectKey } from "../core/commands/protect.js";
import { editKey, setKey } from "../core/commands/set.js";
import { updateKeys, type Written } from "../core/commands/update.js";
import type { Command } from "../core/commands/command.js";
import { ContextError } from "../core/errors.js";
import { getStrategy, type StrategyName } from "../core/merge/find-strategy.js";
import { checkId, checkKey } from "../core/names.js";
import type { Snapshot } from "../core/snapshot.js";
import type { Held, Taken } from "../core/value/codec.js";
import type { Mode, Program, Returns } from "../program/program.js";
import { batch } from "../workflows/batch.js";
import { change, type Intent } from "../workflows/change.js";
import { rename } from "../workflows/manage.js";
import { restore } from "../workflows/restore.js";
import { snapshot } from "../workflows/snapshot.js";
import type { Live } from "../workflows/workplace.js";
import { ContextReader } from "./context-reader.js";
import { createDictionary } from "./dictionary.js";
import { Intake, type Schemas } from "./intake.js";
import { takeLimits, type LimitOptions } from "./limit-options.js";
import { baseValues, type MergeOptions } from "./merge-options.js";
import {
  mergeKept,
  type PhaseOptions,
  type PhaseOutcome,
  type PhaseWorker,
  phaseContext,
  runPhase,
} from "./phase.js";
import { type Address, pointOf } from "./point.js";
import type { StoreCore } from "./store-core.js";
import { synchronously } from "./synchronous-work.js";
import { intentOf, type WriteOptions } from "./write-options.js";

/**
 * One durable dictionary. Every write is an event; what a method returns is what was committed. Reads of
 * the present are answered from memory, as of this store's last write or `refresh()`.
 */
export class Context<
  Values extends object = Record<string, unknown>,
  M extends Mode = "sync",
> extends ContextReader<Values, M> {
  /**
   * The context as a plain dictionary: read, assign, `delete`, `in`, `Object.keys`, spread. Assignments are
   * durable when they return; an engine that answers later refuses them. Values read are frozen.
   */
  readonly data: Partial<Values>;
  readonly #intake: Intake;

  /** @internal */
  constructor(core: StoreCore<M>, live: Live, schemas: Schemas) {
    super(core, live);
    this.#intake = new Intake(core.site.codec, schemas);
    // The dictionary answers for whatever keys the context has; its type is the context's.
    this.data = createDictionary({
      keys: () => this.keys(),
      has: (key) => this.has(key),
      get: (key) => this.get(key as keyof Values & string),
      set: (key, value) => {
        this.#assign(setKey(key, this.#intake.take(key, value), { protect: false }));
      },
      delete: (key) => {
        this.#assign(deleteKey(checkKey(key)));
      },
    }) as Partial<Values>;
  }

  /**
   * Sets one key; an equal value records nothing. `protect` protects it from then on; `copy: false` hands
   * plain data over, which is then frozen in place.
   * @throws {ContextError} KEY_PROTECTED, KEY_INVALID, VALUE_UNSUPPORTED, VALUE_TOO_DEEP, VALUE_REJECTED, LIMIT_EXCEEDED
   */
  set<Key extends keyof Values & string>(
    key: Key,
    value: Values[Key],
    options: SetOptions = {},
  ): Returns<M, void> {
    const taken = this.#intake.take(key, value, { copy: options.copy ?? true });
    return this.#change(setKey(key, taken, { protect: options.protect ?? false }), options);
  }

  /**
   * Sets one ephemeral key: scratch data that survives a restart, but moves no version and is in no snapshot.
   * @throws {ContextError} KEY_PROTECTED
   */
  setEphemeral(
    key: string,
    value: unknown,
    options: WriteOptions & { copy?: boolean } = {},
  ): Returns<M, void> {
    const taken = this.#intake.take(key, value, { copy: options.copy ?? true });
    return this.#change(setEphemeralKey(key, taken), options);
  }

  /** Clears all ephemeral keys; gives their names. */
  clearEphemeral(options: WriteOptions = {}): Returns<M, readonly string[]> {
    return this.#change(clearEphemeralKeys(), options);
  }

  /**
   * Deletes a key from both scopes; tells whether it was there.
   * @throws {ContextError} KEY_PROTECTED
   */
  delete(key: keyof Values & string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.#change(deleteKey(checkKey(key)), options);
  }

  /** Sets many keys in one event; protected keys that have a value are skipped and named in the answer. */
  update(values: Partial<Values>, options: WriteOptions = {}): Returns<M, Written> {
    return this.#change(updateKeys(this.#intake.takeAll(values)), options);
  }

  /**
   * Changes one value by a function that runs once, inside the write lock, on the newest value: it may
   * change the draft it is given, or return a new value. Increments are never lost.
   * @throws {ContextError} WORK_ASYNCHRONOUS, and what {@link set} throws
   */
  edit<Key extends keyof Values & string>(
    key: Key,
    change: (draft: Values[Key]) => Values[Key] | undefined | void,
    options: WriteOptions = {},
  ): Returns<M, void> {
    const work = synchronously("edit", change);
    const edited = (present: Held | undefined): Taken => {
      // The draft is what the key's type says, or undefined where there is no value yet.
      const draft = (present === undefined ? undefined : this.core.site.codec.thaw(present)) as Values[Key];
      return this.#intake.take(key, work(draft) ?? draft);
    };
    return this.#change(editKey(checkKey(key), edited), options);
  }

  /**
   * Merges values by a strategy: `safe` only adds keys, `update` also overwrites, `replace` makes the keys
   * exactly these, `prefixed` writes them under a prefix, `threeWay` takes what changed since a base.
   * @throws {ContextError} UNKNOWN_STRATEGY, PREFIX_REQUIRED, BASE_REQUIRED, MERGE_CONFLICT
   */
  merge(values: object, strategy: StrategyName = "safe", options: MergeOptions = {}): Returns<M, Written> {
    return this.#write(options, (intent) => this.#merge(values, strategy, options, intent));
  }

  /** Protects a name, with a value or without; tells whether that is new. */
  protect(key: string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.#change(protectKey(checkKey(key)), options);
  }

  /** Lifts a protection; tells whether there was one. */
  unprotect(key: string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.#change(unprotectKey(checkKey(key)), options);
  }

  /**
   * Runs a function whose writes become one transaction, all of them or none; it runs once, inside the lock.
   * @throws {ContextError} WORK_ASYNCHRONOUS
   */
  batch<Result>(work: () => Result, options: WriteOptions = {}): Returns<M, Result> {
    return this.#write(options, ({ origin }) =>
      batch(this.core.site, this.live, origin, synchronously("batch", work)),
    );
  }

  /** Marks the present version under a reason, so that it can be restored; the newest 50 stay listed. */
  snapshot(
    reason = "",
    { metadata = {}, ...options }: WriteOptions & { metadata?: Readonly<Record<string, unknown>> } = {},
  ): Returns<M, Snapshot> {
    return this.#write(options, (intent) =>
      snapshot(this.core.site, this.live, { reason, metadata }, intent),
    );
  }

  /**
   * Makes the persistent keys what they were, as one more change: of a snapshot, a version, a time, or the
   * newest snapshot. Protected keys keep their present values. Tells whether there was such a state.
   */
  restore(address?: Address, options: WriteOptions = {}): Returns<M, boolean> {
    const point = address === undefined ? undefined : pointOf(address);
    return this.#write(options, (intent) => restore(this.core.site, this.live, point, intent));
  }

  /**
   * Runs one step of an orchestration on a mutable copy of the context and merges back what it changed.
   * With `once`, a phase that has finished, before a restart too, is not run again.
   * @throws {ContextError} MERGE_CONFLICT (the work is kept, see {@link mergePhase}), PHASE_ABORTED, and what the work throws
   */
  phase<Result>(
    name: string,
    work: PhaseWorker<Values, Result>,
    options: PhaseOptions = {},
  ): Promise<PhaseOutcome<Result>> {
    return runPhase({ core: this.core, live: this.live, intake: this.#intake }, name, work, options);
  }

  /** Merges a phase whose merge was refused. */
  mergePhase(
    phase: string,
    strategy: StrategyName,
    options: MergeOptions = {},
  ): Returns<M, PhaseOutcome<unknown>> {
    return this.#write(options, (intent) =>
      mergeKept(this.core, this.live, { phase, strategy, options }, intent),
    );
  }

  /** A mutable deep copy of everything, after a snapshot called `phase_start`: for phases run by hand. */
  phaseContext(options: WriteOptions = {}): Returns<M, Values> {
    return this.#write(options, (intent) => phaseContext<Values>(this.core, this.live, intent));
  }

  /** Gives the context another id; handles stay valid. @throws {ContextError} CONTEXT_EXISTS, ID_INVALID */
  rename(id: string, options: WriteOptions = {}): Returns<M, void> {
    return this.#write(options, (intent) => rename(this.core.site, this.live, checkId(id), intent));
  }

  /** Changes metadata, name by name; `undefined` removes one. */
  setMetadata(facts: Readonly<Record<string, unknown>>, options: WriteOptions = {}): Returns<M, void> {
    const { codec } = this.core.site;
    const taken = Object.entries(facts).map(
      ([name, value]) => [checkKey(name), value === undefined ? undefined : codec.take(value, name)] as const,
    );
    return this.#change(changeMetadata(new Map(taken)), options);
  }

  /** Changes the context's own limits and warnings; `undefined` removes one, and the store's holds again. */
  setLimits(limits: LimitOptions, options: WriteOptions = {}): Returns<M, void> {
    return this.#change(changeLimits(takeLimits(limits, this.core.site.codec)), options);
  }

  #change<Outcome>(command: Command<Outcome>, options: WriteOptions): Returns<M, Outcome> {
    return this.#write(options, (intent) => change(this.core.site, this.live, command, intent));
  }

  #write<Result>(options: WriteOptions, program: (intent: Intent) => Program<Result>): Returns<M, Result> {
    const intent = intentOf(options, this.core.attribution);
    return this.core.write(this.live, this.id, program(intent));
  }

  #assign(command: Command<unknown>): void {
    const { engine } = this.core;
    if (engine.mode === "async") {
      throw new ContextError("NOT_SUPPORTED", {
        what: "assignment to ctx.data; use await ctx.set(…)",
        engine: engine.name,
      });
    }
    this.#change(command, {});
  }

  *#merge(values: object, name: string, options: MergeOptions, intent: Intent): Program<Written> {
    const strategy = getStrategy(name);
    const { prefix } = options;
    strategy.check({ prefix, hasBase: options.base !== undefined });
    const offered = this.#intake.takeAll(values, (key) => strategy.rename(key, prefix));
    const base = yield* baseValues(this.core.site, this.live, options.base);
    const command = mergeKeys({ strategy, prefix, offered, removed: [], base });
    return yield* change(this.core.site, this.live, command, intent);
  }
}

/** What may be said beside setting a key. */
export interface SetOptions extends WriteOptions {
  readonly protect?: boolean;
  readonly copy?: boolean;
}
