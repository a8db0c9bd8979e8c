import type Database from "better-sqlite3";
import type { ContextRow, NewContext } from "../engine.js";
import { contextColumns } from "./read-contexts.js";
import { contextCheck } from "./row-check.js";

/** Writes rows of contexts, each with its checksum. */
export class ContextRows {
  readonly #create: Database.Statement<[string, number, number | null, number | null]>;
  readonly #find: Database.Statement<[number], ContextRow>;
  readonly #change: Database.Statement<[string, number | null, number, number]>;

  constructor(database: Database.Database) {
    this.#create = database.prepare(
      "INSERT INTO contexts (name, created_at, parent, fork_sequence) VALUES (?, ?, ?, ?)",
    );
    this.#find = database.prepare(`SELECT ${contextColumns} FROM contexts AS c WHERE c.id = ?`);
    this.#change = database.prepare(
      "UPDATE contexts SET name = ?, kept_sequence = ?, row_check = ? WHERE id = ?",
    );
  }

  create({ name, createdAt, fork }: NewContext): number {
    const { parent = null, sequence = null } = fork ?? {};
    const context = Number(this.#create.run(name, createdAt, parent, sequence).lastInsertRowid);
    this.#put({ context, name, createdAt, parent, forkSequence: sequence ?? 0, keptSequence: null });
    return context;
  }

  rename(context: number, name: string): void {
    const row = this.#find.get(context);
    if (row !== undefined && row.name !== name) this.#put({ ...row, name });
  }

  /** Takes a context's name away and notes up to where its forks need it. */
  keep(context: number, keptSequence: number): void {
    const row = this.#find.get(context);
    // No name can hold a NUL, so this one is nobody's.
    if (row !== undefined) this.#put({ ...row, name: `\0${context}`, keptSequence });
  }

  #put(row: ContextRow): void {
    this.#change.run(row.name, row.keptSequence, contextCheck(row), row.context);
  }
}
