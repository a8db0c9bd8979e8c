import type { Command } from "../core/commands/command.js";
import { deleteKey } from "../core/commands/delete.js";
import { clearEphemeralKeys, setEphemeralKey } from "../core/commands/ephemeral.js";
import { protectKey, unprotectKey } from "../core/commands/protect.js";
import { editKey, setKey } from "../core/commands/set.js";
import { updateKeys, type Written } from "../core/commands/update.js";
import { checkKey } from "../core/names.js";
import type { Held, Taken } from "../core/value/codec.js";
import { Draft } from "../core/value/draft.js";
import type { Mode, Program, Returns } from "../program/program.js";
import { batch } from "../workflows/batch.js";
import { change, type Intent } from "../workflows/change.js";
import type { Live } from "../workflows/workplace.js";
import { ContextPast } from "./context-past.js";
import type { Frozen } from "./frozen.js";
import type { Intake } from "./intake.js";
import type { StoreCore } from "./store-core.js";
import { inScope } from "./scope.js";
import { synchronously } from "./synchronous-work.js";
import { type Attribution, attributionOf, joinAttributions, unattributed } from "./attribution.js";
import { checkFlag, checkFunction, checkObject } from "./check-option.js";
import { takeRemoved, type UpdateOptions } from "./update-options.js";
import { intentOf, type WriteOptions } from "./write-options.js";

/** The verbs that write keys. What a method returns is what was committed. */
export class ContextWriter<Values extends object, M extends Mode> extends ContextPast<Values, M> {
  /** @internal */
  protected readonly intake: Intake;
  /** @internal */
  protected readonly attribution: Attribution;

  /** @internal */
  constructor(core: StoreCore<M>, live: Live, intake: Intake, attribution: Attribution) {
    super(core, live);
    this.intake = intake;
    this.attribution = attribution;
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
    const { copy = true, protect = false } = checkObject("options", options);
    checkFlag("protect", protect);
    return this.change(() => setKey(key, this.intake.take(key, value, { copy }), { protect }), options);
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
    const { copy = true } = checkObject("options", options);
    return this.change(() => setEphemeralKey(key, this.intake.take(key, value, { copy })), options);
  }

  /**
   * Clears all ephemeral keys; gives their names. The values that they had are erased from the history, in the same
   * transaction: each report costs a small row from then on, and this one a look at every report since the last.
   */
  clearEphemeral(options: WriteOptions = {}): Returns<M, readonly string[]> {
    return this.change(() => clearEphemeralKeys(), options);
  }

  /**
   * Deletes a key from both scopes; tells whether it was there. An ephemeral value is erased as by a clearing.
   * @throws {ContextError} KEY_PROTECTED
   */
  delete(key: keyof Values & string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.change(() => deleteKey(checkKey(key)), options);
  }

  /**
   * Sets many keys in one event, and deletes those that `remove` names; protected keys that have a value are
   * skipped and named in the answer.
   * @throws {ContextError} KEY_INVALID, VALUE_UNSUPPORTED, VALUE_TOO_DEEP, VALUE_REJECTED, OPTION_INVALID
   */
  update(values: Partial<Values>, options: UpdateOptions<Values> = {}): Returns<M, Written> {
    return this.change(() => {
      const taken = this.intake.takeAll(values);
      return updateKeys(taken, takeRemoved(options, taken));
    }, options);
  }

  /**
   * Changes one value by a function that runs once, inside the write lock, on the newest value: it may
   * change the draft it is given, or return a new value. Increments are never lost. Gives the value as it is
   * afterwards; asked again under an idempotency key, as it is by now. The draft costs what is reached of it,
   * not the value; it is made of proxies, which `structuredClone` refuses: {@link clone} gives a plain copy.
   * @throws {ContextError} WORK_ASYNCHRONOUS, KEY_PROTECTED, and what else {@link set} throws
   */
  edit<Key extends keyof Values & string>(
    key: Key,
    // A function that only changes its draft returns nothing.
    // eslint-disable-next-line @typescript-eslint/no-invalid-void-type
    change: (draft: Values[Key]) => Values[Key] | undefined | void,
    options: WriteOptions = {},
  ): Returns<M, Frozen<Values[Key]>> {
    const work = synchronously("edit", change);
    const edited = (present: Held | undefined): Taken => {
      const draft = new Draft(present?.value);
      // The draft is what the key's type says, or undefined where there is no value yet.
      const { value, fresh } = draft.finish(work(draft.root as Values[Key]));
      return this.intake.take(key, value, { fresh });
    };
    return this.write(options, (intent, live) =>
      this.#edit(live, key, editKey(checkKey(key), edited), intent),
    );
  }

  /** Protects a name, with a value or without; tells whether that is new. */
  protect(key: string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.change(() => protectKey(checkKey(key)), options);
  }

  /** Lifts a protection; tells whether there was one. */
  unprotect(key: string, options: WriteOptions = {}): Returns<M, boolean> {
    return this.change(() => unprotectKey(checkKey(key)), options);
  }

  /**
   * Runs a function whose writes become one transaction, all of them or none; it runs once, inside the lock.
   * @throws {ContextError} WORK_ASYNCHRONOUS
   */
  batch<Result>(work: () => Result, options: BatchOptions = {}): Returns<M, Result> {
    return this.write(options, (intent, live) => {
      const attribution = attributionOf(this.said(options));
      checkFunction("work", work);
      const guarded = synchronously("batch", () => inScope({ attribution }, work));
      return batch(this.core.site, live, intent, guarded);
    });
  }

  *#edit<Key extends keyof Values & string>(
    live: Live,
    key: Key,
    command: Command<undefined>,
    intent: Intent,
  ): Program<Frozen<Values[Key]>> {
    yield* change(this.core.site, live, command, intent);
    const edited = this.held(key, this.stateOf(live));
    // An edit that was not refused has left a value.
    return (edited && this.core.site.codec.share(edited)) as Frozen<Values[Key]>;
  }

  /** Makes a command of what the caller gave, now, and has it done. */
  protected change<Outcome>(command: () => Command<Outcome>, options: WriteOptions): Returns<M, Outcome> {
    return this.write(options, (intent, live) => change(this.core.site, live, command(), intent));
  }

  protected write<Result>(
    options: WriteOptions,
    program: (intent: Intent, live: Live) => Program<Result>,
  ): Returns<M, Result> {
    return this.tell((live) => program(intentOf(this.said(options), this.core.attribution), live));
  }

  /** The options of a call, with what the handle says where they say nothing. */
  protected said<Options extends Attribution>(options: Options): Options {
    if (this.attribution === unattributed) return options;
    return { ...options, ...joinAttributions(this.attribution, checkObject("options", options)) };
  }
}

/** What may be said beside setting a key. */
export interface SetOptions extends WriteOptions {
  readonly protect?: boolean;
  /** `false` hands plain data over: it is frozen in place, also where protection or a limit then refuses it. */
  readonly copy?: boolean;
}

/** What may be said of a batch; who does it, and why, goes for every write in it. */
export type BatchOptions = Omit<WriteOptions, "idempotencyKey">;
