import type Database from "better-sqlite3";
import type { Log, QueryResult } from "../engine.js";
import { answer } from "./answer.js";
import { requireOwnSchema } from "./compare-schema.js";
import { connectReadOnly } from "./connect.js";
import { waitOfConnection } from "./patience.js";
import { readLog } from "./read-log.js";
import { RowGuard } from "./row-guard.js";

/** Reads the value of a key as JSON text, at a version or at present; undefined where there is none. */
export type ReadContextValue = (
  log: Log,
  question: { readonly context: string; readonly key: string; readonly version: number | undefined },
) => string | undefined;

/** Where queries are asked, and what they are answered with beside SQLite's own functions. */
export interface QuerySource {
  readonly location: string;
  readonly lockTimeoutMs: number;
  readonly contextValue?: ReadContextValue;
}

/** Answers queries of others on connections that only read, opened when the first one comes. */
export class QueryReader {
  readonly #source: QuerySource;
  #reader: Database.Database | undefined;
  /** A connection that is answering cannot be asked something else. */
  #inner: { readonly connection: Database.Database; readonly log: Log } | undefined;

  constructor(source: QuerySource) {
    this.#source = source;
  }

  answer(sql: string, parameters: readonly unknown[]): QueryResult {
    this.#reader ??= this.#open();
    return answer(this.#reader, sql, parameters);
  }

  close(): void {
    this.#reader?.close();
    this.#inner?.connection.close();
  }

  #open(): Database.Database {
    const { location, lockTimeoutMs } = this.#source;
    const reader = connectReadOnly(location, waitOfConnection(lockTimeoutMs));
    try {
      requireOwnSchema(reader, location);
      this.#offer(reader);
      return reader;
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  /** Offers `context_value(context, key [, version])`, which is null where there is nothing. */
  #offer(reader: Database.Database): void {
    const { contextValue } = this.#source;
    if (contextValue === undefined) return;
    const options = { varargs: true, directOnly: true };
    reader.function(
      "context_value",
      options,
      (...given: unknown[]) => this.#valueOf(given, contextValue) ?? null,
    );
  }

  #valueOf([context, key, version, ...more]: readonly unknown[], read: ReadContextValue): string | undefined {
    if (more.length > 0) throw new Error("context_value takes a context, a key, and a version if any");
    if (typeof context !== "string" || typeof key !== "string") return undefined;
    const number = typeof version === "bigint" ? Number(version) : version;
    if (number !== undefined && !Number.isSafeInteger(number)) return undefined;
    // A version that is given is a safe integer by now.
    const question = { context, key, version: number as number | undefined };
    return read(this.#innerLog(), question);
  }

  #innerLog(): Log {
    const { location, lockTimeoutMs } = this.#source;
    if (this.#inner === undefined) {
      const connection = connectReadOnly(location, waitOfConnection(lockTimeoutMs));
      this.#inner = { connection, log: readLog(connection, new RowGuard(location, { isLenient: false })) };
    }
    return this.#inner.log;
  }
}
