import type Database from "better-sqlite3";
import { ContextError, isContextError } from "../../core/errors.js";
import { type Program, runSync } from "../../program/program.js";
import type { Backup, Damage, Engine, Grouping, Log, QueryResult, WritableLog } from "../engine.js";
import type { Anchor } from "./anchor.js";
import { backUp } from "./backup.js";
import { checkAnchor } from "./check-anchor.js";
import { checkFile } from "./check-file.js";
import { Commits, type CommitOptions } from "./commits.js";
import { findAlterations } from "./compare-schema.js";
import { diagnose } from "./diagnose.js";
import { resolveStorePath, unreachable } from "./file.js";
import type { OpenDatabase, OpenOptions } from "./open-database.js";
import { giveWay, lookingLong, lookShortly } from "./patience.js";
import { QueryReader, type ReadContextValue } from "./query-reader.js";
import { readLog } from "./read-log.js";
import { endGroupOf } from "./open-groups.js";
import { RowGuard } from "./row-guard.js";
import { scrubLog } from "./scrub.js";
import { StateNotes } from "./state-notes.js";
import { Transactions } from "./transactions.js";
import { writeLog } from "./write-log.js";

export interface SqliteOptions extends OpenOptions, CommitOptions {
  /** What queries may call as `context_value`; they have no such function without it. */
  readonly contextValue?: ReadContextValue;
  /** Larger contents of events are written compressed, where that pays; none are without a number. */
  readonly compressOverBytes?: number | undefined;
}

/** A store on SQLite at work. */
export class SqliteEngine implements Engine<"sync"> {
  readonly mode = "sync";
  readonly name = "sqlite";
  readonly location: string;
  readonly run = runSync;
  readonly group: Grouping;
  readonly #database: Database.Database;
  readonly #anchor: Anchor;
  readonly #notes: StateNotes;
  readonly #log: WritableLog;
  #lenientLog: Log | undefined;
  readonly #lockTimeoutMs: number;
  readonly #unique: () => string;
  readonly #commits: Commits;
  readonly #transactions: Transactions;
  readonly #queries: QueryReader;

  constructor(opened: OpenDatabase, options: SqliteOptions) {
    const { location, database, anchor } = opened;
    this.location = location;
    this.#queries = new QueryReader({ ...options, location });
    this.#database = database;
    this.#anchor = anchor;
    this.#lockTimeoutMs = options.lockTimeoutMs;
    this.#unique = options.unique;
    this.#commits = new Commits(opened, options);
    this.#transactions = new Transactions(this.#commits);
    const { isGroupOpen, commitGroup, groupFailure, noteAppended } = this.#transactions;
    const commit = () => {
      commitGroup();
    };
    this.group = { isOpen: isGroupOpen, commit, failure: groupFailure };
    const strict = new RowGuard(location, { isLenient: false });
    const writing = { onAppend: noteAppended, compressOverBytes: options.compressOverBytes };
    this.#notes = new StateNotes(database);
    this.#log = writeLog(database, readLog(database, strict), this.#notes, writing);
    // Opening waits longer at a time, since it would begin from the start.
    lookShortly(database, options.lockTimeoutMs);
  }

  readonly write = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> => {
    this.#requireOpen();
    return this.#transactions.write(() => {
      this.#notes.forget();
      return work(this.#log);
    });
  };

  readonly read = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> => {
    this.#requireOpen();
    return this.#transactions.read(() => work(this.#log));
  };

  readonly examine = <Result>(work: (log: Log) => Program<Result>): Program<Result> => {
    this.#requireOpen();
    this.#lenientLog ??= readLog(this.#database, new RowGuard(this.location, { isLenient: true }));
    return this.read(() => work(this.#lenientLog ?? this.#log));
  };

  readonly makeDurable = (): void => {
    this.#requireOpen();
    this.#transactions.requireIdle("Making writes durable");
    this.#transactions.commitGroup();
    this.#commits.flush();
  };

  readonly giveWay = giveWay;

  readonly query = (sql: string, parameters: readonly unknown[]): QueryResult =>
    this.#outside("A query", () => this.#queries.answer(sql, parameters));

  readonly check = (): readonly Damage[] =>
    this.#outside("A check", () =>
      checkFile(this.#database, [
        ...checkAnchor(this.#database, this.location),
        ...findAlterations(this.#database),
      ]),
    );

  readonly scrub = (): boolean => {
    try {
      return this.#outside("Scrubbing", () => {
        endGroupOf(this.#commits.identity);
        return lookingLong(this.#database, this.#lockTimeoutMs, () => scrubLog(this.#database));
      });
    } catch (error) {
      // What is to be scrubbed was committed before.
      if (isContextError(error, "STORE_BUSY")) return false;
      throw error;
    }
  };

  readonly backup = (file: string): Backup => {
    this.#requireOpen();
    this.#transactions.requireIdle("A backup");
    this.#transactions.commitGroup();
    // The copy is read by path.
    this.#commits.requireUnmoved();
    const source = { store: this.location, lockTimeoutMs: this.#lockTimeoutMs };
    return backUp(source, resolveStorePath(file, "file"), this.#unique());
  };

  readonly close = (): void => {
    if (!this.#database.open) return;
    this.#transactions.requireIdle("Closing");
    try {
      if (this.group.failure() === undefined) this.#transactions.commitGroup();
    } finally {
      this.#queries.close();
      this.#anchor.close();
      this.#database.close();
    }
  };

  /** Begins the anchor anew with the newest event, under the write lock. */
  renewAnchor(): void {
    this.#commits.renewAnchor();
  }

  #requireOpen(): void {
    if (!this.#database.open) throw new ContextError("STORE_CLOSED", { store: this.location });
  }

  /** Does something outside of any transaction, on what was written until now. */
  #outside<Result>(verb: string, attempt: () => Result): Result {
    this.#requireOpen();
    this.#transactions.commitGroup(verb);
    try {
      return this.#commits.patiently(attempt);
    } catch (error) {
      throw unreachable(diagnose(error, this.#database, { store: this.location }), this.location);
    }
  }
}
