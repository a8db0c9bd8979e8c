import { ContextError } from "../../core/errors.js";
import { type Mode, type Program, type Waitable, wait } from "../../program/program.js";
import type { Backup, Damage, Engine, Grouping, Log, QueryResult, WritableLog } from "../engine.js";
import { type Pace, paces } from "./pace.js";
import { readLog } from "./read-log.js";
import { Tables } from "./tables.js";
import { Turns } from "./turns.js";
import { writeLog } from "./write-log.js";

/**
 * Opens a store that lives as long as this handle: the whole port on plain maps and lists, at once or on
 * promises, so that one set of tests proves both modes. Nothing here touches a disk, a clock or a driver.
 *
 * Transactions, reading ones too, run one after the other in the order in which they were called: a read
 * sees what is committed and nothing moves while it lasts.
 */
export function openMemoryEngine<M extends Mode>(mode: M): Engine<M> {
  return new MemoryEngine(paces[mode]);
}

/** Every write is committed when it is answered. */
const neverGroups: Grouping = { isOpen: () => false, commit: () => undefined, failure: () => undefined };

class MemoryEngine<M extends Mode> implements Engine<M> {
  readonly mode: M;
  readonly name = "memory";
  readonly location = ":memory:";
  readonly run: Engine<M>["run"];
  readonly #pace: Pace<M>;
  readonly #tables = new Tables();
  readonly #turns = new Turns();
  readonly #readable: Log;
  readonly #writable: WritableLog;
  #isAtWork = false;
  #closing: { readonly done: Waitable<void> } | undefined;

  constructor(pace: Pace<M>) {
    this.#pace = pace;
    this.mode = pace.mode;
    this.run = pace.run;
    const log = readLog(this.#tables);
    this.#readable = pace.pacedLog(log);
    this.#writable = pace.pacedLog(writeLog(this.#tables, log));
  }

  readonly write = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> =>
    this.#transaction(() => work(this.#writable));

  readonly read = <Result>(work: (log: Log) => Program<Result>): Program<Result> =>
    this.#transaction(() => work(this.#readable));

  readonly examine = this.read;

  readonly query = (): Waitable<QueryResult> =>
    this.#pace.answer((): QueryResult => {
      this.#requireOpen();
      throw new ContextError("NOT_SUPPORTED", { what: "SQL", engine: this.name });
    });

  readonly check = (): Waitable<readonly Damage[]> => this.#pace.answer(() => []);

  readonly scrub = (): Waitable<boolean> => this.#pace.answer(() => true);

  readonly giveWay = (): Waitable<void> => this.#pace.answer(() => undefined);

  readonly backup = (): Waitable<Backup> =>
    this.#pace.answer((): Backup => {
      this.#requireOpen();
      throw new ContextError("NOT_SUPPORTED", {
        what: "backup",
        engine: this.name,
        instead: "store.save(file)",
      });
    });

  readonly makeDurable = (): Waitable<void> => this.#pace.answer(() => undefined);

  readonly group = neverGroups;

  /** Transactions that were called before still end; then everything is dropped. */
  readonly close = (): Waitable<void> => {
    this.#requireOutside("Closing");
    this.#closing ??= { done: this.run(this.#drop()) };
    return this.#closing.done;
  };

  *#drop(): Program<void> {
    yield* wait(this.#turns.enter());
    this.#tables.clear();
    this.#turns.leave();
  }

  *#transaction<Result>(begin: () => Program<Result>): Program<Result> {
    this.#requireOutside("Another transaction");
    this.#requireOpen();
    yield* wait(this.#turns.enter());
    const { journal } = this.#tables;
    journal.begin();
    try {
      const result = yield* this.#drive(begin);
      journal.commit();
      return result;
    } catch (error) {
      journal.rollback();
      throw error;
    } finally {
      // Nothing waits from here to the caller, who thus learns of the commit before the next turn begins.
      this.#turns.leave();
    }
  }

  /** Runs a transaction's work, marking each stretch of it, so that a transaction begun therein is noticed. */
  *#drive<Result>(begin: () => Program<Result>): Program<Result> {
    const program = this.#atWork(begin);
    let step = this.#atWork(() => program.next());
    while (step.done !== true) {
      let answer: unknown;
      try {
        answer = yield step.value;
      } catch (error) {
        step = this.#atWork(() => program.throw(error));
        continue;
      }
      step = this.#atWork(() => program.next(answer));
    }
    return step.value;
  }

  #atWork<Result>(stretch: () => Result): Result {
    this.#isAtWork = true;
    try {
      return stretch();
    } finally {
      this.#isAtWork = false;
    }
  }

  #requireOutside(verb: string): void {
    if (this.#isAtWork) throw new ContextError("BATCH_UNSUPPORTED", { verb });
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new ContextError("STORE_CLOSED", { store: this.location });
  }
}
