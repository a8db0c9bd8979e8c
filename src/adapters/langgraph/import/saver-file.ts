/**
 * Bringing over the threads of a file that LangGraph's SqliteSaver wrote. What is here reads that file and nothing
 * else of it; the store is written by the saver's own way.
 */
import Database from "better-sqlite3";
import { existsSync } from "node:fs";
import { ContextError } from "../../../index.js";
import { type Columns, findColumns } from "./saver-columns.js";

/** A value as the file has it: its type tells how its bytes are read. */
export interface SavedValue {
  readonly type: string;
  readonly bytes: Uint8Array | string;
}

export interface SavedCheckpoint {
  readonly parent: string | undefined;
  readonly checkpoint: SavedValue;
  readonly metadata: SavedValue;
}

export interface SavedWrite {
  readonly task: string;
  readonly path: string;
  readonly index: number;
  readonly channel: string;
  readonly value: SavedValue;
}

/** A thread and a namespace in the file. */
export interface SavedPlace {
  readonly thread: string;
  readonly namespace: string;
}

/** A file of SqliteSaver, read at one moment whatever others write to it. */
export class SaverFile {
  readonly path: string;
  readonly #database: Database.Database;
  readonly #columns: Columns;
  readonly #statements = new Map<string, Database.Statement>();

  /**
   * Opens a file, checks it, and begins to read it.
   * @throws {ContextError} EXPORT_NOT_FOUND, CHECKPOINTS_UNREADABLE
   */
  constructor(path: string) {
    this.path = path;
    if (!existsSync(path)) throw new ContextError("EXPORT_NOT_FOUND", { source: path });
    this.#database = this.#reading(() => new Database(path, { readonly: true, fileMustExist: true }));
    try {
      this.#columns = this.#reading(() => {
        this.#database.exec("BEGIN");
        return this.#check();
      });
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** The places that have checkpoints, or writes to some. */
  places(): readonly SavedPlace[] {
    const { thread, namespace, writes } = this.#columns;
    const from = ["checkpoints", ...(writes === undefined ? [] : ["writes"])];
    const sql = from.map((table) => `SELECT ${thread} AS thread, ${namespace} AS namespace FROM ${table}`);
    return this.#all<SavedPlace>(`${sql.join(" UNION ")} ORDER BY thread, namespace`, []).map((place) => {
      if (typeof place.thread === "string" && typeof place.namespace === "string") return place;
      throw this.#unreadable("a thread's id is no text");
    });
  }

  /** The checkpoints of a place and those before them, by their ids. */
  parents({ thread, namespace }: SavedPlace): ReadonlyMap<string, string | undefined> {
    const columns = this.#columns;
    const rows = this.#all<{ id: string; parent: string | null }>(
      `SELECT ${columns.id} AS id, ${columns.parent} AS parent FROM checkpoints
       WHERE ${columns.thread} = ? AND ${columns.namespace} = ? ORDER BY id`,
      [thread, namespace],
    );
    // A parent that is no text, or an empty one, was never found by the saver either.
    return new Map(rows.map(({ id, parent }) => [id, parent === null || parent === "" ? undefined : parent]));
  }

  /** The ids that writes of a place are for. */
  writtenIds({ thread, namespace }: SavedPlace): readonly string[] {
    if (this.#columns.writes === undefined) return [];
    const sql =
      "SELECT DISTINCT checkpoint_id AS id FROM writes WHERE thread_id = ? AND checkpoint_ns = ? ORDER BY id";
    return this.#all<{ id: string }>(sql, [thread, namespace]).map(({ id }) => id);
  }

  checkpoint({ thread, namespace }: SavedPlace, id: string): SavedCheckpoint | undefined {
    const columns = this.#columns;
    const [row] = this.#all<CheckpointRow>(
      `SELECT ${columns.parent} AS parent, ${columns.type} AS type, checkpoint, ${columns.metadata} AS metadata
       FROM checkpoints WHERE ${columns.thread} = ? AND ${columns.namespace} = ? AND ${columns.id} = ?`,
      [thread, namespace, id],
    );
    if (row === undefined) return undefined;
    const type = row.type ?? "json";
    return {
      parent: row.parent === null || row.parent === "" ? undefined : row.parent,
      checkpoint: { type, bytes: row.checkpoint ?? "" },
      metadata: { type, bytes: row.metadata ?? "" },
    };
  }

  /** The writes to a checkpoint, in the order in which the saver gave them. */
  writes({ thread, namespace }: SavedPlace, id: string): readonly SavedWrite[] {
    const { writes } = this.#columns;
    if (writes === undefined) return [];
    const rows = this.#all<WriteRow>(
      `SELECT task_id AS task, ${writes.path} AS path, idx, channel, type, value FROM writes
       WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ? ORDER BY path, task_id, idx`,
      [thread, namespace, id],
    );
    return rows.map(({ task, path, idx, channel, type, value }) => ({
      ...{ task, path, index: idx, channel },
      value: { type: type ?? "json", bytes: value ?? "" },
    }));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #check(): Columns {
    const [damage] = this.#database.pragma("integrity_check(1)", { simple: false }) as {
      integrity_check: string;
    }[];
    if (damage?.integrity_check !== "ok")
      throw this.#unreadable(`SQLite finds damage: ${String(damage?.integrity_check)}`);
    const namesOf = (table: string) =>
      this.#database.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
    const found = findColumns(namesOf("checkpoints"), namesOf("writes"));
    if (typeof found === "string") throw this.#unreadable(found);
    return found;
  }

  #all<Row>(sql: string, values: readonly string[]): Row[] {
    return this.#reading(() => {
      const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
      this.#statements.set(sql, statement);
      // Each statement here names its columns as its row has them.
      return statement.all(...values) as Row[];
    });
  }

  #reading<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      const why =
        error.code === "SQLITE_NOTADB" ? "it is no SQLite database" : `SQLite says: ${error.message}`;
      throw new ContextError("CHECKPOINTS_UNREADABLE", { source: this.path, why }, { cause: error });
    }
  }

  #unreadable(why: string): ContextError {
    return new ContextError("CHECKPOINTS_UNREADABLE", { source: this.path, why });
  }
}

interface CheckpointRow {
  readonly parent: string | null;
  readonly type: string | null;
  readonly checkpoint: Uint8Array | string | null;
  readonly metadata: Uint8Array | string | null;
}

interface WriteRow {
  readonly task: string;
  readonly path: string;
  readonly idx: number;
  readonly channel: string;
  readonly type: string | null;
  readonly value: Uint8Array | string | null;
}
