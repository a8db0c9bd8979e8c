import { ContextError, isContextError } from "../../core/errors.js";
import type { Program } from "../../program/program.js";
import type { AnchoredHead } from "./anchor-record.js";
import type { Commits } from "./commits.js";
import { diagnose } from "./diagnose.js";
import { noteGroup } from "./open-groups.js";

/** Writes that were answered and wait for the commit that they share; until then the write lock is theirs. */
interface Group {
  readonly began: number;
  readonly writes: number;
  /** The newest event among them. */
  readonly head: AnchoredHead;
  readonly noteEnded: () => void;
}

/** How a kind of transaction begins and ends; undoing one may find that a whole group is lost. */
interface Ways {
  readonly begin: (now: number) => void;
  readonly end: () => void;
  readonly undo: (error: unknown, isBegun: boolean) => ContextError | undefined;
}

/** So long a group may keep the lock from others before whoever writes next commits it. */
const longestGroupMs = 20;

/**
 * Runs work in transactions, one at a time. Each write is one of its own; where writes are grouped, it is a part
 * of one that waits to be committed, and that reads of this connection see into.
 */
export class Transactions {
  readonly #commits: Commits;
  readonly #isGrouping: boolean;
  #isAtWork = false;
  #group: Group | undefined;
  /** The last event that the work under way has appended. */
  #appended: AnchoredHead | undefined;

  constructor(commits: Commits) {
    this.#commits = commits;
    this.#isGrouping = commits.durability === "grouped";
  }

  readonly isGroupOpen = (): boolean => this.#group !== undefined;

  /** Why writes that were answered are lost, or may be. */
  readonly groupFailure = (): ContextError | undefined =>
    this.#isGrouping ? this.#commits.failure : undefined;

  /**
   * Commits the writes that wait for it; nothing where none do.
   * @throws {ContextError} OUTCOME_UNKNOWN, WRITES_LOST, STORE_MOVED, BATCH_UNSUPPORTED
   */
  readonly commitGroup = (verb = "Making writes durable"): void => {
    if (this.#isGrouping) this.#commits.requireWhole();
    const group = this.#group;
    if (group === undefined) return;
    this.requireIdle(verb);
    this.#forgetGroup(group);
    try {
      this.#commits.commit();
    } catch (error) {
      const isTold = isContextError(error, "OUTCOME_UNKNOWN") || isContextError(error, "STORE_MOVED");
      throw isTold ? error : this.#lose(group, error);
    }
    this.#commits.tellAnchor(group.head);
  };

  /** Takes in what the work under way appends. */
  readonly noteAppended = (head: AnchoredHead): void => {
    this.#appended = head;
  };

  /** Refuses what cannot be done in the midst of a transaction's work. */
  requireIdle(verb: string): void {
    if (this.#isAtWork) throw new ContextError("BATCH_UNSUPPORTED", { verb });
  }

  write<Result>(work: () => Program<Result>): Program<Result> {
    return this.#transaction(work, { begin: this.#beginWrite, end: this.#endWrite, undo: this.#undoWrite });
  }

  read<Result>(work: () => Program<Result>): Program<Result> {
    return this.#transaction(work, { begin: this.#beginRead, end: this.#endRead, undo: this.#undoRead });
  }

  *#transaction<Result>(work: () => Program<Result>, { begin, end, undo }: Ways): Program<Result> {
    this.requireIdle("Another transaction");
    if (this.#isGrouping) this.#commits.requireWhole();
    const { database, location: store } = this.#commits;
    const began = performance.now();
    let isBegun = false;
    try {
      this.#appended = undefined;
      begin(began);
      isBegun = true;
      this.#isAtWork = true;
      const result = yield* work();
      this.#isAtWork = false;
      end();
      return result;
    } catch (error) {
      this.#isAtWork = false;
      const lost = undo(error, isBegun);
      throw lost ?? diagnose(error, database, { store, waitedMs: Math.round(performance.now() - began) });
    }
  }

  readonly #beginWrite = (now: number): void => {
    if (this.#group !== undefined && now - this.#group.began > longestGroupMs) this.commitGroup();
    if (this.#group === undefined) this.#commits.takeLock();
    else this.#commits.statements.beginPart();
  };

  readonly #endWrite = (): void => {
    if (this.#group !== undefined) {
      this.#commits.statements.keepPart();
      if (this.#appended === undefined) return;
      this.#group = { ...this.#group, writes: this.#group.writes + 1, head: this.#appended };
    } else if (this.#isGrouping && this.#appended !== undefined) {
      const noteEnded = noteGroup(this.#commits.identity, this.#giveWay);
      // The lock may have been waited for.
      this.#group = { began: performance.now(), writes: 1, head: this.#appended, noteEnded };
    } else {
      // Others need not wait for a lock under which nothing was appended.
      this.#commits.commit();
      this.#commits.tellAnchor(this.#appended);
    }
  };

  readonly #undoWrite = (error: unknown, isBegun: boolean): ContextError | undefined => {
    if (this.#group === undefined || !isBegun) return this.#undoRead(error);
    try {
      if (this.#commits.database.inTransaction) this.#commits.statements.undoPart();
    } catch (cause) {
      return this.#lose(this.#group, cause);
    }
    return this.#undoRead(error);
  };

  readonly #beginRead = (): void => {
    if (this.#group === undefined) this.#commits.beginRead();
  };

  readonly #endRead = (): void => {
    if (this.#group === undefined) this.#commits.commit();
  };

  readonly #undoRead = (error: unknown): ContextError | undefined => {
    if (this.#group === undefined) this.#commits.rollback();
    // After some failures SQLite undoes everything by itself.
    else if (!this.#commits.database.inTransaction) return this.#lose(this.#group, error);
    return undefined;
  };

  #forgetGroup({ noteEnded }: Group): void {
    noteEnded();
    this.#group = undefined;
  }

  /** Commits the group for another handle that wants the lock, unless it is being added to. */
  readonly #giveWay = (): void => {
    if (this.#isAtWork) return;
    try {
      this.commitGroup();
    } catch {
      // Those who wrote meet the failure at their next call.
    }
  };

  /** Gives up a group that was refused or undone: nothing of it is there. */
  #lose(group: Group, error: unknown): ContextError {
    this.#forgetGroup(group);
    this.#commits.rollback();
    const { database, location: store } = this.#commits;
    const cause = diagnose(error, database, { store });
    const why = cause instanceof Error ? cause.message : String(cause);
    const lost = () => new ContextError("WRITES_LOST", { store, writes: group.writes, why }, { cause });
    this.#commits.fail(lost);
    return lost();
  }
}
