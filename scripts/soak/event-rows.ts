import { createHash } from "node:crypto";
import Database from "better-sqlite3";

/** A digest of all that each event's row says, by contexts with their lines, without numbers that a store gives out. */
export type Lines = ReadonlyMap<string, readonly string[]>;

interface ContextColumns {
  readonly id: number;
  readonly name: string;
  readonly parent: number | null;
  readonly fork_sequence: number | null;
  readonly kept_sequence: number | null;
}

/** The columns that {@link digestOf} takes. */
export const eventColumns = `context, sequence, json_array(sequence, version, type, payload, actor, cause, phase, batch, tags,
  idempotency_key, recorded_at, hex(hash)) AS row`;

/** Reads the lines of a sound store that nobody has open. */
export function linesIn(file: string): Lines {
  const database = new Database(file, { readonly: true });
  try {
    const contexts = database
      .prepare<[], ContextColumns>(
        "SELECT id, name, parent, fork_sequence, kept_sequence FROM contexts WHERE id > 0",
      )
      .all();
    const own = database.prepare<[number, number], { sequence: number; row: string }>(
      `SELECT ${eventColumns} FROM events WHERE context = ? AND sequence <= ? ORDER BY sequence`,
    );
    const lineOf = ({ id, parent, fork_sequence }: ContextColumns, upTo: number): string[] => {
      const before = contexts.find((row) => row.id === parent);
      return [
        ...(before === undefined ? [] : lineOf(before, fork_sequence ?? 0)),
        ...own.all(id, upTo).map(digestOf),
      ];
    };
    const present = contexts.filter(({ kept_sequence }) => kept_sequence === null);
    return new Map(present.map((row) => [row.name, lineOf(row, Number.MAX_SAFE_INTEGER)]));
  } finally {
    database.close();
  }
}

/** The digests of all events that SQLite still reads in a damaged file, by the table and by its index. */
export function readableRows(file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const ways = [
    "NOT INDEXED ORDER BY position",
    "ORDER BY context, sequence",
    "ORDER BY context DESC, sequence DESC",
  ];
  for (const way of ways) {
    try {
      const database = new Database(file, { fileMustExist: true });
      try {
        const rows = database.prepare<[], { sequence: number; row: string }>(
          `SELECT ${eventColumns} FROM events ${way}`,
        );
        for (const row of rows.iterate()) found.add(digestOf(row));
      } finally {
        database.close();
      }
    } catch (error) {
      // What SQLite refuses it does not read; the loss of it is what is looked for.
      if (!(error instanceof Database.SqliteError)) throw error;
    }
  }
  return found;
}

/** Tells one event from all others, by its number and all that it says. */
export function digestOf({ sequence, row }: { readonly sequence: number; readonly row: string }): string {
  return `#${sequence} ${createHash("sha256").update(row).digest("hex").slice(0, 16)}`;
}
