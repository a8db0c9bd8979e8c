import type Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import { abandonCommit } from "./abandon-commit.js";
import type { Anchor } from "./anchor.js";
import type { AnchoredHead } from "./anchor-record.js";
import { type Durability, synchronousOf } from "./connect.js";
import { diagnose } from "./diagnose.js";
import { isDiskFailure, isFull } from "./failures.js";
import { storeIdentity, whyMoved } from "./file.js";
import { newestHead } from "./newest-head.js";
import type { OpenDatabase } from "./open-database.js";
import { endGroupOf } from "./open-groups.js";
import { patiently } from "./patience.js";
import { TransactionStatements } from "./transaction-statements.js";

/** How a store commits. */
export interface CommitOptions {
  readonly durability: Durability;
  /** How long other processes are waited for, in ms. */
  readonly lockTimeoutMs: number;
  /** Told when a commit could not be told of in the anchor; it stands all the same. */
  readonly onAnchorFailure: (why: string) => void;
}

/** Takes the lock of one connection and commits, and sees what becomes of it. */
export class Commits {
  readonly location: string;
  readonly database: Database.Database;
  /** What the files were when they were opened. */
  readonly identity: string;
  readonly durability: Durability;
  readonly statements: TransactionStatements;
  readonly #anchor: Anchor;
  readonly #options: CommitOptions;
  #failure: (() => ContextError) | undefined;
  /** Whether something was committed that may not be on the disk. */
  #isUnsynced = false;

  constructor({ location, database, anchor }: OpenDatabase, options: CommitOptions) {
    this.location = location;
    this.database = database;
    this.identity = storeIdentity(location);
    this.durability = options.durability;
    this.statements = new TransactionStatements(database);
    this.#anchor = anchor;
    this.#options = options;
  }

  /** Why nothing is written any more; undefined while all is well. */
  get failure(): ContextError | undefined {
    return this.#failure?.();
  }

  /** Takes the write lock, waiting for other processes as long as the options allow. */
  takeLock(): void {
    this.requireWhole();
    endGroupOf(this.identity);
    this.patiently(this.statements.begin);
  }

  /** Begins to read; what other handles in this thread have answered is there to be read. */
  beginRead(): void {
    endGroupOf(this.identity);
    this.patiently(this.statements.beginRead);
  }

  /** Commits what may have been written. If the disk fails here, only opening anew can tell whether it is there. */
  commit(): void {
    try {
      this.patiently(this.statements.commit);
    } catch (error) {
      // A refusal leaves the transaction open, or undoes it for want of space.
      const isRefused = this.database.inTransaction || isFull(error);
      if (isRefused && !isDiskFailure(error)) throw error;
      this.#failBy(error);
      abandonCommit(this.database);
      throw new ContextError("OUTCOME_UNKNOWN", { store: this.location }, { cause: error });
    }
    this.#isUnsynced ||= this.durability === "normal";
    this.requireUnmoved();
  }

  rollback(): void {
    if (!this.database.inTransaction) return;
    try {
      this.statements.rollback();
    } catch (error) {
      this.#failBy(error);
    }
  }

  /** Tells of a commit where the database cannot lose it. It stands, whatever becomes of this. */
  tellAnchor(head: AnchoredHead | undefined): void {
    if (head === undefined) return;
    try {
      this.#anchor.append(head);
      if (this.#anchor.isLong) this.renewAnchor();
    } catch (error) {
      this.#options.onAnchorFailure(error instanceof Error ? error.message : String(error));
    }
  }

  /** Begins the anchor anew with the newest event, under the write lock. */
  renewAnchor(): void {
    this.takeLock();
    try {
      this.#anchor.restart(newestHead(this.database));
    } finally {
      this.rollback();
    }
  }

  /** Flushes the log with all that lies in it, by a commit that changes nothing; not where each commit did. */
  flush(): void {
    this.requireWhole();
    if (!this.#isUnsynced) return;
    this.database.pragma(`synchronous = ${synchronousOf("full")}`);
    try {
      this.takeLock();
      this.database.pragma(
        `user_version = ${String(this.database.pragma("user_version", { simple: true }))}`,
      );
      this.commit();
      this.#isUnsynced = false;
    } catch (error) {
      this.rollback();
      throw diagnose(error, this.database, { store: this.location });
    } finally {
      this.database.pragma(`synchronous = ${synchronousOf(this.durability)}`);
    }
  }

  /** Lets nothing be written any more, for a reason that is told to whoever tries. */
  fail(failure: () => ContextError): void {
    this.#failure ??= failure;
  }

  requireWhole(): void {
    if (this.#failure !== undefined) throw this.#failure();
  }

  patiently<Result>(attempt: () => Result): Result {
    return patiently({ store: this.location, lockTimeoutMs: this.#options.lockTimeoutMs }, attempt);
  }

  /** A commit into files that are no longer at their path would be lost to everyone else. */
  requireUnmoved(): void {
    const cause = whyMoved(this.location, this.identity);
    if (cause === undefined) return;
    this.#failBy(cause);
    throw new ContextError("STORE_MOVED", { store: this.location }, { cause });
  }

  #failBy(cause: unknown): void {
    this.fail(() => new ContextError("OUTCOME_UNKNOWN", { store: this.location }, { cause }));
  }
}
