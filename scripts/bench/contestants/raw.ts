import Database from "better-sqlite3";
import { openStore, type Store } from "durable-context";
import type { Contestants, Durability, Step } from "../contestant.js";

/**
 * The yardstick: one insert of the bytes that the library writes as an event's payload, into a table with a
 * rowid and one unique index. It keeps no present state, no hash, and nothing that tells of a loss.
 */
export const contestants: Contestants = {
  insert: ({ file, durability }) => {
    const database = openRaw(file, durability);
    database.exec(
      `CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, context INTEGER NOT NULL,
         sequence INTEGER NOT NULL, payload TEXT NOT NULL, UNIQUE (context, sequence)) STRICT`,
    );
    const insert = database.prepare("INSERT INTO events (context, sequence, payload) VALUES (1, ?, ?)");
    const [begin, commit] = [database.prepare("BEGIN IMMEDIATE"), database.prepare("COMMIT")];
    const select = database.prepare<[number], Row>(
      "SELECT sequence, payload FROM events WHERE context = 1 AND sequence > ? ORDER BY sequence LIMIT 1000",
    );
    const scratch = openStore(`${file}-payloads.db`, { durability: "normal" });
    let payloads: string[] = [];
    let sequence = 0;
    const append = () => {
      insert.run(++sequence, payloads.shift());
    };
    return {
      ready: (steps) => {
        payloads = payloadsOf(scratch, steps);
      },
      set: append,
      setTogether: (steps) => {
        begin.run();
        steps.forEach(append);
        commit.run();
      },
      fold: () => fold((after) => select.all(after)),
      bytes: () => pageBytes(database),
      close: () => {
        database.close();
        scratch.close();
      },
    };
  },

  /** The library writes, and SQL alone reads the rows that the library reads. */
  rows: (place) => {
    const store = openStore(place.file, place);
    const context = store.context("run-42");
    const database = new Database(place.file, { readonly: true });
    const select = database.prepare<[number], Row>(
      "SELECT * FROM events WHERE context = 1 AND sequence > ? ORDER BY sequence LIMIT 1000",
    );
    return {
      setTogether: (steps) => {
        context.batch(() => {
          for (const [key, value] of steps) context.set(key, value);
        });
      },
      fold: () => fold((after) => select.all(after)),
      bytes: () => store.stats().bytes,
      close: () => {
        database.close();
        store.close();
      },
    };
  },
};

interface Row {
  readonly sequence: number;
  readonly payload: string;
}

/** Opens a database with the pragmas of the library's. */
export function openRaw(file: string, durability: Durability): Database.Database {
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
  return database;
}

/** What a database holds, however much of it still lies in the log. */
export function pageBytes(database: Database.Database): number {
  return Number(database.pragma("page_count", { simple: true })) * 4096;
}

/** The payloads that the library writes for some steps. */
function payloadsOf(scratch: Store, steps: readonly Step[]): string[] {
  const context = scratch.context("run-42");
  const before = context.sequence;
  context.batch(() => {
    for (const [key, value] of steps) context.set(key, value);
  });
  const { rows } = scratch.query(
    "SELECT payload FROM events WHERE context = 1 AND sequence > ? ORDER BY sequence",
    [before],
  );
  if (rows.length !== steps.length) throw new Error(`${steps.length} steps made ${rows.length} events.`);
  return rows.map(({ payload }) => String(payload));
}

function fold(pageAfter: (sequence: number) => readonly Row[]): number {
  const state = new Map<string, unknown>();
  for (let page = pageAfter(0); page.length > 0; page = pageAfter(page.at(-1)?.sequence ?? 0)) {
    for (const { payload } of page) {
      // What the library wrote: effects that have a key each, and a value where they set one.
      const { effects } = JSON.parse(payload) as { effects: { op: string; key: string; value: unknown }[] };
      for (const { op, key, value } of effects) if (op === "set") state.set(key, value);
    }
  }
  return state.size;
}
