import { basename, dirname } from "node:path";
import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { type Program, runSync } from "../../program/program.js";
import type { Backup, Engine, QueryResult, WritableLog } from "../engine.js";
import { answer } from "./answer.js";
import { backUp } from "./backup.js";
import { busyTimeoutMs, connect, connectReadOnly, type Durability } from "./connect.js";
import { checkFile } from "./check-file.js";
import { explain, isBusy, isDiskFailure } from "./failures.js";
import {
  createStoreFile,
  inspectStoreFile,
  resolveStorePath,
  storeExists,
  storeIdentity,
  syncToDisk,
} from "./file.js";
import { migrate } from "./migrate.js";
import { readLog } from "./read-log.js";
import { writeLog } from "./write-log.js";

export interface SqliteOptions {
  readonly durability: Durability;
  /** `open-or-create` makes a store where there is none; `open` refuses to. */
  readonly mode: "open" | "open-or-create";
  /** How long a write waits for other processes, in ms. */
  readonly lockTimeoutMs: number;
  readonly now: () => number;
  /** Fresh text that names a temporary file. */
  readonly unique: () => string;
}

/**
 * Opens a store's file, making it first if that is asked for and nothing of it exists.
 * @throws {ContextError} STORE_NOT_FOUND, STORE_FOREIGN, STORE_NEWER, STORE_INCOMPLETE, STORE_UNREACHABLE
 */
export function openSqliteEngine(path: string, options: SqliteOptions): Engine<"sync"> {
  const location = resolveStorePath(path, "path");
  try {
    if (!storeExists(location)) {
      if (options.mode === "open") throw new ContextError("STORE_NOT_FOUND", { store: location });
      createStoreFile(location, options.unique(), options.now());
    }
    const real = inspectStoreFile(location);
    const database = connect(real, options.durability);
    try {
      migrate(database, location, options.now());
      // The write-ahead log exists from here on; its entry in the folder must outlive a power cut.
      syncToDisk(dirname(real));
      return new SqliteEngine(real, database, options);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw explain(error, location);
  }
}

class SqliteEngine implements Engine<"sync"> {
  readonly mode = "sync";
  readonly name = "sqlite";
  readonly location: string;
  readonly run = runSync;
  readonly #database: Database.Database;
  readonly #log: WritableLog;
  readonly #identity: string;
  readonly #lockTimeoutMs: number;
  readonly #unique: () => string;
  readonly #begin: Database.Statement;
  readonly #beginRead: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  #reader: Database.Database | undefined;
  #poison: unknown;

  constructor(location: string, database: Database.Database, { lockTimeoutMs, unique }: SqliteOptions) {
    this.location = location;
    this.#database = database;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#unique = unique;
    // SQLite waits by itself for as long as it was told on connecting, which may be longer than a write may.
    database.pragma(`busy_timeout = ${Math.min(busyTimeoutMs, lockTimeoutMs)}`);
    this.#identity = storeIdentity(location);
    this.#log = writeLog(database, readLog(database));
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#beginRead = database.prepare("BEGIN");
    this.#commit = database.prepare("COMMIT");
    this.#rollback = database.prepare("ROLLBACK");
  }

  readonly write = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> =>
    this.#transaction(() => {
      this.#takeLock();
    }, work);

  readonly read = <Result>(work: (log: WritableLog) => Program<Result>): Program<Result> =>
    this.#transaction(() => {
      this.#beginRead.run();
    }, work);

  readonly query = (sql: string, parameters: readonly unknown[]): QueryResult => {
    this.#requireOpen();
    this.#reader ??= this.#openReader();
    return answer(this.#reader, sql, parameters);
  };

  readonly check = (): readonly string[] => {
    this.#requireOpen();
    return checkFile(this.#database);
  };

  readonly scrub = (): boolean => {
    this.#requireOpen();
    // What was overwritten is zeroed in the file (secure_delete); older pages lie in the log until it is emptied.
    const [result] = this.#database.pragma("wal_checkpoint(TRUNCATE)") as readonly {
      readonly busy: number;
    }[];
    return result?.busy === 0;
  };

  readonly backup = (file: string): Backup => {
    this.#requireOpen();
    if (this.#database.inTransaction) throw new ContextError("BATCH_UNSUPPORTED", { verb: "A backup" });
    // The copy is read by path.
    this.#checkFile();
    return backUp(this.location, resolveStorePath(file, "file"), this.#unique());
  };

  readonly close = (): void => {
    if (this.#database.open && this.#database.inTransaction) {
      throw new ContextError("BATCH_UNSUPPORTED", { verb: "Closing" });
    }
    this.#reader?.close();
    this.#database.close();
  };

  *#transaction<Result>(begin: () => void, work: (log: WritableLog) => Program<Result>): Program<Result> {
    this.#requireOpen();
    if (this.#database.inTransaction)
      throw new ContextError("BATCH_UNSUPPORTED", { verb: "Another transaction" });
    try {
      begin();
      const result = yield* work(this.#log);
      this.#finish();
      return result;
    } catch (error) {
      this.#undo();
      throw explain(error, this.location);
    }
  }

  /** Commits. If the disk fails here, the events may be there or not, and only opening anew can tell. */
  #finish(): void {
    try {
      this.#commit.run();
    } catch (error) {
      if (!isDiskFailure(error)) throw error;
      this.#poison = error;
      throw new ContextError("OUTCOME_UNKNOWN", { store: this.location }, { cause: error });
    }
    this.#checkFile();
  }

  #openReader(): Database.Database {
    try {
      return connectReadOnly(this.location);
    } catch (error) {
      throw explain(error, this.location);
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
    const began = performance.now();
    for (;;) {
      try {
        this.#begin.run();
        return;
      } catch (error) {
        const waitedMs = Math.round(performance.now() - began);
        if (!isBusy(error)) throw error;
        if (waitedMs < this.#lockTimeoutMs) continue;
        throw new ContextError("STORE_BUSY", { store: this.location, waitedMs }, { cause: error });
      }
    }
  }

  /** A commit into files that are no longer at their path would be lost to everyone else. */
  #checkFile(): void {
    if (storeIdentity(this.location) === this.#identity) return;
    this.#poison = new Error(`${basename(this.location)} or its log is not the file that was opened`);
    throw new ContextError("STORE_MOVED", { store: this.location }, { cause: this.#poison });
  }

  #undo(): void {
    if (!this.#database.inTransaction) return;
    try {
      this.#rollback.run();
    } catch (error) {
      this.#poison ??= error;
    }
  }
}
