import type Database from "better-sqlite3";
import type { Scope } from "../../core/event.js";
import { placeCheck } from "./row-check.js";

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

type Place = Parameters<typeof placeCheck>[0];

/** The checks that stand beside an event; rows of an older release have none. */
interface EventChecks {
  readonly keys: number | null;
  readonly marks: number | null;
}

/** Reads and keeps what was present after each event. */
export class StateChecks {
  readonly #before: Database.Statement<
    [number, number],
    EventChecks & { last: number; sequence: number | null }
  >;
  readonly #after: Database.Statement<[number, number], EventChecks>;
  readonly #atHead: Database.Statement<[number], EventChecks>;
  readonly #places: Database.Statement<[number], Place>;
  readonly #save: Database.Statement<StateCheck & { context: number; sequence: number }>;
  readonly #saveHead: Database.Statement<StateCheck & { context: number }>;
  readonly #rebuild: Database.Statement<[], number>;

  constructor(database: Database.Database) {
    const columns = "keys_check AS keys, marks_check AS marks";
    const head = "(SELECT position FROM events WHERE context = ? ORDER BY sequence DESC LIMIT 1)";
    this.#before = database.prepare(
      `SELECT (SELECT position FROM events ORDER BY position DESC LIMIT 1) AS last, sequence, ${columns}
       FROM (SELECT 1) LEFT JOIN events ON context = ? AND sequence = ?`,
    );
    this.#after = database.prepare(`SELECT ${columns} FROM events WHERE context = ? AND sequence = ?`);
    this.#atHead = database.prepare(
      `SELECT ${columns} FROM contexts AS c JOIN events AS e ON e.position = ${head.replace("?", "c.id")}
       WHERE c.id = ? AND c.kept_sequence IS NULL`,
    );
    this.#places = database.prepare(
      "SELECT scope, key, created, sequence FROM current_keys WHERE context = ?",
    );
    const isNew = "(keys_check IS NOT :keys OR marks_check IS NOT :marks)";
    const save = "UPDATE events SET keys_check = :keys, marks_check = :marks WHERE";
    this.#save = database.prepare(`${save} context = :context AND sequence = :sequence AND ${isNew}`);
    this.#saveHead = database.prepare(`${save} position = ${head.replace("?", ":context")} AND ${isNew}`);
    this.#rebuild = database.prepare("SELECT 1 FROM sqlite_temp_schema WHERE name = 'aside_current_keys'");
    this.#rebuild.pluck();
  }

  /** The newest position of all, and what is present before an event that is about to be appended. */
  before(context: number, sequence: number): { readonly last: number; readonly present: StateCheck } {
    const found = this.#before.get(context, sequence - 1);
    const last = found?.last ?? 0;
    if (found === undefined || found.sequence === null) return { last, present: nothingPresent };
    // Before the first event of this release, the rows themselves say what is there.
    return { last, present: checkedOf(found) ?? this.#count(context) };
  }

  /** What was present after an event; undefined where nobody noted it. */
  after(context: number, sequence: number): StateCheck | undefined {
    return checkedOf(this.#after.get(context, sequence));
  }

  /** The same of a context's newest event; of a context that is only kept for its forks, nothing. */
  atHead(context: number): StateCheck | undefined {
    return checkedOf(this.#atHead.get(context));
  }

  save(context: number, sequence: number, present: StateCheck): void {
    this.#save.run({ context, sequence, ...present });
  }

  saveAtHead(context: number, present: StateCheck): void {
    this.#saveHead.run({ context, ...present });
  }

  /** Whether the rows are being made anew and need not fit the events yet. */
  isRebuilding(): boolean {
    return this.#rebuild.get() !== undefined;
  }

  #count(context: number): StateCheck {
    const places = this.#places.all(context);
    return places.reduce((sum, place) => toggled(sum, place.scope, placeCheck(place)), nothingPresent);
  }
}

function checkedOf(found: EventChecks | undefined): StateCheck | undefined {
  if (found === undefined || found.keys === null || found.marks === null) return undefined;
  return { keys: found.keys, marks: found.marks };
}
