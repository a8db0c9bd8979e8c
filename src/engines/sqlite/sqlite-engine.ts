import type Database from "better-sqlite3";
import { ContextError, isContextError } from "../../core/errors.js";
import { type Program, runSync } from "../../program/program.js";
import type { Backup, Damage, Engine, Log, QueryResult, WritableLog } from "../engine.js";
import type { Anchor } from "./anchor.js";
import type { AnchoredHead } from "./anchor-record.js";
import { abandonCommit } from "./abandon-commit.js";
import { backUp } from "./backup.js";
import { checkAnchor } from "./check-anchor.js";
import { checkFile } from "./check-file.js";
import { findAlterations } from "./compare-schema.js";
import { diagnose } from "./diagnose.js";
import { isDiskFailure, isFull } from "./failures.js";
import { resolveStorePath, storeIdentity, unreachable, whyMoved } from "./file.js";
import { newestHead } from "./newest-head.js";
import type { OpenDatabase, OpenOptions } from "./open-database.js";
import { lookingLong, lookShortly, patiently } from "./patience.js";
import { QueryReader, type ReadContextValue } from "./query-reader.js";
import { readLog } from "./read-log.js";
import { RowGuard } from "./row-guard.js";
import { scrubLog } from "./scrub.js";
import { Transactions } from "./transactions.js";
import { writeLog } from "./write-log.js";

export interface SqliteOptions extends OpenOptions {
  /** Told when a commit could not be told of in the anchor; it stands all the same. */
  readonly onAnchorFailure: (why: string) => void;
  /** What queries may call as `context_value`; they have no such function without it. */
  readonly contextValue?: ReadContextValue;
}

/** A store on SQLite at work. */
export class SqliteEngine implements Engine<"sync"> {
  readonly mode = "sync";
  readonly name = "sqlite";
  readonly location: string;
  readonly run = runSync;
  readonly #database: Database.Database;
  readonly #anchor: Anchor;
  readonly #log: WritableLog;
  #lenientLog: Log | undefined;
  readonly #identity: string;
  readonly #lockTimeoutMs: number;
  readonly #unique: () => string;
  readonly #onAnchorFailure: (why: string) => void;
  readonly #transactions: Transactions;
  readonly #queries: QueryReader;
  #poison: unknown;
  /** The last event that the transaction under way has appended. */
  #appended: AnchoredHead | undefined;

  constructor({ location, database, anchor }: OpenDatabase, options: SqliteOptions) {
    const { lockTimeoutMs, unique, onAnchorFailure, contextValue } = options;
    this.location = location;
    this.#queries = new QueryReader({ location, lockTimeoutMs, contextValue });
    this.#database = database;
    this.#anchor = anchor;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#unique = unique;
    this.#onAnchorFailure = onAnchorFailure;
    this.#identity = storeIdentity(location);
    const strict = new RowGuard(location, { isLenient: false });
    this.#log = writeLog(database, readLog(database, strict), (head) => {
      this.#appended = head;
    });
    this.#transactions = new Transactions(database);
    // Opening waits longer at a time, since it would begin from the start.
    lookShortly(database, lockTimeoutMs);
  }

  readonly write = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> =>
    this.#transaction(() => {
      this.#takeLock();
    }, work);

  readonly read = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> =>
    this.#transaction(() => {
      this.#patiently(this.#transactions.beginRead);
    }, work);

  readonly examine = <Result>(work: (log: Log) => Program<Result>): Program<Result> => {
    this.#requireOpen();
    this.#lenientLog ??= readLog(this.#database, new RowGuard(this.location, { isLenient: true }));
    return this.read(() => work(this.#lenientLog ?? this.#log));
  };

  readonly query = (sql: string, parameters: readonly unknown[]): QueryResult => {
    this.#requireOpen();
    return this.#waiting(() => this.#queries.answer(sql, parameters));
  };

  readonly check = (): readonly Damage[] => {
    this.#requireOpen();
    return this.#waiting(() =>
      checkFile(this.#database, [
        ...checkAnchor(this.#database, this.location),
        ...findAlterations(this.#database),
      ]),
    );
  };

  readonly scrub = (): boolean => {
    this.#requireOpen();
    try {
      return this.#waiting(() =>
        lookingLong(this.#database, this.#lockTimeoutMs, () => scrubLog(this.#database)),
      );
    } catch (error) {
      // What is to be scrubbed was committed before.
      if (isContextError(error, "STORE_BUSY")) return false;
      throw error;
    }
  };

  readonly backup = (file: string): Backup => {
    this.#requireOpen();
    if (this.#database.inTransaction) throw new ContextError("BATCH_UNSUPPORTED", { verb: "A backup" });
    // The copy is read by path.
    this.#checkFile();
    const source = { store: this.location, lockTimeoutMs: this.#lockTimeoutMs };
    return backUp(source, resolveStorePath(file, "file"), this.#unique());
  };

  readonly close = (): void => {
    if (this.#database.open && this.#database.inTransaction) {
      throw new ContextError("BATCH_UNSUPPORTED", { verb: "Closing" });
    }
    this.#queries.close();
    if (this.#database.open) this.#anchor.close();
    this.#database.close();
  };

  /** Begins the anchor anew with the newest event, under the write lock. */
  renewAnchor(): void {
    this.#takeLock();
    try {
      this.#anchor.restart(newestHead(this.#database));
    } finally {
      this.#undo();
    }
  }

  *#transaction<Result>(begin: () => void, work: (log: WritableLog) => Program<Result>): Program<Result> {
    this.#requireOpen();
    if (this.#database.inTransaction)
      throw new ContextError("BATCH_UNSUPPORTED", { verb: "Another transaction" });
    const began = performance.now();
    try {
      this.#appended = undefined;
      begin();
      const result = yield* work(this.#log);
      this.#finish();
      return result;
    } catch (error) {
      this.#undo();
      const waitedMs = Math.round(performance.now() - began);
      throw diagnose(error, this.#database, { store: this.location, waitedMs });
    }
  }

  /** Commits. If the disk fails here, the events may be there or not, and only opening anew can tell. */
  #finish(): void {
    try {
      this.#patiently(this.#transactions.commit);
    } catch (error) {
      // A refusal leaves the transaction open, or undoes it for want of space.
      const isRefused = this.#database.inTransaction || isFull(error);
      if (isRefused && !isDiskFailure(error)) throw error;
      this.#poison = error;
      abandonCommit(this.#database);
      throw new ContextError("OUTCOME_UNKNOWN", { store: this.location }, { cause: error });
    }
    this.#checkFile();
    this.#anchorCommit();
  }

  /** Tells of the commit where the database cannot lose it. It stands, whatever becomes of this. */
  #anchorCommit(): void {
    if (this.#appended === undefined) return;
    try {
      this.#anchor.append(this.#appended);
      if (this.#anchor.isLong) this.renewAnchor();
    } catch (error) {
      this.#onAnchorFailure(error instanceof Error ? error.message : String(error));
    }
  }

  #requireOpen(): void {
    if (!this.#database.open) throw new ContextError("STORE_CLOSED", { store: this.location });
  }

  /** Takes the write lock, waiting for other processes as long as the options allow. */
  #takeLock(): void {
    if (this.#poison !== undefined) {
      throw new ContextError("OUTCOME_UNKNOWN", { store: this.location }, { cause: this.#poison });
    }
    this.#patiently(this.#transactions.begin);
  }

  #patiently<Result>(attempt: () => Result): Result {
    return patiently({ store: this.location, lockTimeoutMs: this.#lockTimeoutMs }, attempt);
  }

  /** Does something outside of any transaction. */
  #waiting<Result>(attempt: () => Result): Result {
    try {
      return this.#patiently(attempt);
    } catch (error) {
      throw unreachable(diagnose(error, this.#database, { store: this.location }), this.location);
    }
  }

  /** A commit into files that are no longer at their path would be lost to everyone else. */
  #checkFile(): void {
    const cause = whyMoved(this.location, this.#identity);
    if (cause === undefined) return;
    this.#poison = cause;
    throw new ContextError("STORE_MOVED", { store: this.location }, { cause });
  }

  #undo(): void {
    if (!this.#database.inTransaction) return;
    try {
      this.#transactions.rollback();
    } catch (error) {
      this.#poison ??= error;
    }
  }
}
