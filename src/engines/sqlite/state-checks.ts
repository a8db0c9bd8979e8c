import type Database from "better-sqlite3";
import type { Scope } from "../../core/event.js";

/**
 * What is present after an event, in two numbers: the checksums of the places of its keys, combined by exclusive
 * or, so that a key's coming and going changes them at no cost. They show a row that is missing, one too many, or
 * an old one, which no row's own checksum can. The persistent keys have a number of their own, since these alone
 * are what a view of the past reads.
 */
export interface StateCheck {
  readonly keys: number;
  readonly marks: number;
}

/** Before anything is there. */
export const nothingPresent: StateCheck = { keys: 0, marks: 0 };

/** The check after a key came, or went; `place` is its checksum. */
export function toggled({ keys, marks }: StateCheck, scope: Scope, place: number): StateCheck {
  return scope === "persistent" ? { keys: keys ^ place, marks } : { keys, marks: marks ^ place };
}

/** The checks that stand beside an event; rows of an older release have none. */
export interface EventChecks {
  readonly keys: number | null;
  readonly marks: number | null;
}

/** The columns of {@link EventChecks}, for a SELECT. */
export const stateColumns = "keys_check AS keys, marks_check AS marks";

/** Finds the newest event of a context, given as a term of SQL. */
export function headPosition(context: string): string {
  return `(SELECT position FROM events WHERE context = ${context} ORDER BY sequence DESC LIMIT 1)`;
}

/** Reads what was present after an event. */
export class StateChecks {
  readonly #after: Database.Statement<[number, number], EventChecks>;
  readonly #atHead: Database.Statement<[number], EventChecks>;
  readonly #rebuild: Database.Statement<[], number>;

  constructor(database: Database.Database) {
    this.#after = database.prepare(`SELECT ${stateColumns} FROM events WHERE context = ? AND sequence = ?`);
    this.#atHead = database.prepare(
      `SELECT ${stateColumns} FROM contexts AS c JOIN events AS e ON e.position = ${headPosition("c.id")}
       WHERE c.id = ? AND c.kept_sequence IS NULL`,
    );
    this.#rebuild = database.prepare("SELECT 1 FROM sqlite_temp_schema WHERE name = 'aside_current_keys'");
    this.#rebuild.pluck();
  }

  /** What was present after an event; undefined where nobody noted it. */
  after(context: number, sequence: number): StateCheck | undefined {
    return checkedOf(this.#after.get(context, sequence));
  }

  /** The same of a context's newest event; of a context that is only kept for its forks, nothing. */
  atHead(context: number): StateCheck | undefined {
    return checkedOf(this.#atHead.get(context));
  }

  /** Whether the rows are being made anew and need not fit the events yet. */
  isRebuilding(): boolean {
    return this.#rebuild.get() !== undefined;
  }
}

/** What the checks of an event say; undefined where it has none. */
export function checkedOf(found: EventChecks | undefined): StateCheck | undefined {
  if (found === undefined || found.keys === null || found.marks === null) return undefined;
  return { keys: found.keys, marks: found.marks };
}
