/**
 * The yardstick: better-sqlite3 alone, writing the very rows that the library wrote a moment before, into
 * the same tables with the same pragmas, by prepared statements, with nothing to compute.
 */
import Database from "better-sqlite3";

/** The rows of one event, as parameters. */
export interface EventRows {
  readonly event: readonly unknown[];
  readonly current: readonly unknown[];
  readonly change: readonly unknown[];
}

export class SameRows {
  readonly #database: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #event: Database.Statement;
  readonly #current: Database.Statement;
  readonly #change: Database.Statement;

  /** Opens a store's file, which the library has made. */
  constructor(file: string, durability: "full" | "normal") {
    const database = new Database(file);
    for (const pragma of [
      "journal_mode = WAL",
      `synchronous = ${durability}`,
      "foreign_keys = ON",
      "trusted_schema = OFF",
      "cell_size_check = ON",
      "secure_delete = ON",
    ]) {
      database.pragma(pragma);
    }
    this.#database = database;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#event = database.prepare(`INSERT INTO events VALUES (${places(18)})`);
    this.#current = database.prepare(
      `INSERT INTO current_keys VALUES (${places(10)})
       ON CONFLICT DO UPDATE SET created = excluded.created, sequence = excluded.sequence,
         version = excluded.version, changed_at = excluded.changed_at, value = excluded.value,
         row_check = excluded.row_check`,
    );
    this.#change = database.prepare(`INSERT INTO key_changes VALUES (${places(8)})`);
  }

  /** Writes each event in a transaction of its own. */
  appendEach(events: readonly EventRows[]): void {
    for (const event of events) this.appendTogether([event]);
  }

  /** Writes events in one transaction. */
  appendTogether(events: readonly EventRows[]): void {
    this.#begin.run();
    for (const { event, current, change } of events) {
      this.#event.run(event);
      this.#current.run(current);
      this.#change.run(change);
    }
    this.#commit.run();
  }

  close(): void {
    this.#database.close();
  }
}

/** Reads the rows of the events after a position; each event must have set one key. */
export function readRows(file: string, afterPosition: number): EventRows[] {
  const database = new Database(file, { readonly: true });
  const all = (sql: string) => database.prepare<[number], unknown[]>(sql).raw().all(afterPosition);
  const events = all("SELECT * FROM events WHERE position > ? ORDER BY position");
  const changes = all("SELECT * FROM key_changes WHERE position > ? ORDER BY position");
  const values = all(
    `SELECT context, scope, key, created, k.sequence, e.version, e.recorded_at, e.payload -> '$.effects[0].value', k.row_check, NULL
     FROM key_changes AS k JOIN events AS e USING (context, position) WHERE position > ? ORDER BY position`,
  );
  database.close();
  return events.map((event, place) => {
    const [current, change] = [values[place], changes[place]];
    if (current === undefined || change === undefined) throw new Error("An event did not set one key.");
    return { event, current, change };
  });
}

function places(count: number): string {
  return Array(count).fill("?").join(", ");
}
