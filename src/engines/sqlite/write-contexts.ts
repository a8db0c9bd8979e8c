import type Database from "better-sqlite3";
import type { ContextRow, NewContext } from "../engine.js";
import { contextColumns } from "./read-contexts.js";
import { contextCheck } from "./row-check.js";

/** Writes rows of contexts, each with its checksum. */
export class ContextRows {
  readonly #create: Database.Statement<[string, number, number | null, number | null]>;
  readonly #find: Database.Statement<[number], ContextRow>;
  readonly #change: Database.Statement<[string, number | null, number, number]>;

  readonly #floor: Database.Statement<[{ context: number; floorSequence: number }]>;

  constructor(database: Database.Database) {
    this.#create = database.prepare(
      "INSERT INTO contexts (name, created_at, parent, fork_sequence) VALUES (?, ?, ?, ?)",
    );
    this.#find = database.prepare(`SELECT ${contextColumns} FROM contexts AS c WHERE c.id = ?`);
    this.#change = database.prepare(
      "UPDATE contexts SET name = ?, kept_sequence = ?, row_check = ? WHERE id = ?",
    );
    this.#floor = database.prepare(
      `UPDATE contexts SET floor_sequence = :floorSequence, floor_position =
         (SELECT position FROM events WHERE context = :context AND sequence = :floorSequence)
       WHERE id = :context`,
    );
  }

  create({ name, createdAt, fork }: NewContext): number {
    const { parent = null, sequence = null } = fork ?? {};
    const context = Number(this.#create.run(name, createdAt, parent, sequence).lastInsertRowid);
    const rest = { forkSequence: sequence ?? 0, keptSequence: null, floorSequence: 0 };
    this.#put({ context, name, createdAt, parent, ...rest });
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

  /** Notes up to which event a history is pruned. */
  setFloor(context: number, floorSequence: number): void {
    const row = this.#find.get(context);
    if (row === undefined) return;
    this.#floor.run({ context, floorSequence });
    this.#put({ ...row, floorSequence });
  }

  #put(row: ContextRow): void {
    this.#change.run(row.name, row.keptSequence, contextCheck(row), row.context);
  }
}
