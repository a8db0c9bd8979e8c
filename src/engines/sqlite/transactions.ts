import type Database from "better-sqlite3";

/** Begins and ends transactions, by statements that are prepared once. */
export class Transactions {
  readonly #begin: Database.Statement;
  readonly #beginRead: Database.Statement;
  /** Reads a page, which takes the lock that a reader needs. */
  readonly #touch: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;

  constructor(database: Database.Database) {
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#beginRead = database.prepare("BEGIN");
    this.#touch = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1");
    this.#commit = database.prepare("COMMIT");
    this.#rollback = database.prepare("ROLLBACK");
  }

  readonly begin = (): void => {
    this.#begin.run();
  };

  /** A transaction that reads meets the locks of others only when it reads for the first time: here. */
  readonly beginRead = (): void => {
    this.#beginRead.run();
    try {
      this.#touch.get();
    } catch (error) {
      this.#rollback.run();
      throw error;
    }
  };

  readonly commit = (): void => {
    this.#commit.run();
  };

  readonly rollback = (): void => {
    this.#rollback.run();
  };
}
