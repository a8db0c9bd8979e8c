import type Database from "better-sqlite3";

/** Begins and ends transactions, and parts of one, by statements that are prepared once. */
export class TransactionStatements {
  readonly #begin: Database.Statement;
  readonly #beginRead: Database.Statement;
  /** Reads a page, which takes the lock that a reader needs. */
  readonly #touch: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #beginPart: Database.Statement;
  readonly #keepPart: Database.Statement;
  readonly #undoPart: Database.Statement;

  constructor(database: Database.Database) {
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#beginRead = database.prepare("BEGIN");
    this.#touch = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1");
    this.#commit = database.prepare("COMMIT");
    this.#rollback = database.prepare("ROLLBACK");
    this.#beginPart = database.prepare("SAVEPOINT part");
    this.#keepPart = database.prepare("RELEASE part");
    this.#undoPart = database.prepare("ROLLBACK TO part");
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

  /** Begins a part of the transaction, which can be undone alone. */
  readonly beginPart = (): void => {
    this.#beginPart.run();
  };

  readonly keepPart = (): void => {
    this.#keepPart.run();
  };

  readonly undoPart = (): void => {
    this.#undoPart.run();
    this.#keepPart.run();
  };
}
