import type Database from "better-sqlite3";
import { placeCheck } from "./row-check.js";
import {
  checkedOf,
  type EventChecks,
  headPosition,
  nothingPresent,
  type StateCheck,
  stateColumns,
  toggled,
} from "./state-checks.js";

type Place = Parameters<typeof placeCheck>[0];

/** An event that was appended, and what is present after it. */
interface Noted {
  readonly context: number;
  readonly sequence: number;
  readonly position: number;
  readonly present: StateCheck;
}

/** Keeps beside each event what is present after it. */
export class StateNotes {
  readonly #before: Database.Statement<
    [number, number],
    EventChecks & { last: number; sequence: number | null }
  >;
  readonly #places: Database.Statement<[number], Place>;
  readonly #save: Database.Statement<StateCheck & { context: number; sequence: number }>;
  readonly #saveHead: Database.Statement<StateCheck & { context: number }>;
  /** The last event that the transaction under way has appended, as long as nothing else was written. */
  #last: Noted | undefined;

  constructor(database: Database.Database) {
    this.#before = database.prepare(
      `SELECT (SELECT position FROM events ORDER BY position DESC LIMIT 1) AS last, sequence, ${stateColumns}
       FROM (SELECT 1) LEFT JOIN events ON context = ? AND sequence = ?`,
    );
    this.#places = database.prepare(
      "SELECT scope, key, created, sequence FROM current_keys WHERE context = ?",
    );
    const isNew = "(keys_check IS NOT :keys OR marks_check IS NOT :marks)";
    const save = "UPDATE events SET keys_check = :keys, marks_check = :marks WHERE";
    this.#save = database.prepare(`${save} context = :context AND sequence = :sequence AND ${isNew}`);
    this.#saveHead = database.prepare(`${save} position = ${headPosition(":context")} AND ${isNew}`);
  }

  /** The newest position of all, and what is present before an event that is about to be appended. */
  before(context: number, sequence: number): { readonly last: number; readonly present: StateCheck } {
    const known = this.#last;
    if (known?.context === context && known.sequence === sequence - 1)
      return { last: known.position, present: known.present };
    const found = this.#before.get(context, sequence - 1);
    const last = found?.last ?? 0;
    if (sequence === 1 || found === undefined) return { last, present: nothingPresent };
    // Before the first event of this release, or of a baseline, the rows themselves say what is there.
    const noted = found.sequence === null ? undefined : checkedOf(found);
    return { last, present: noted ?? this.#count(context) };
  }

  /** Takes in what was appended, and what is present after it. */
  remember(appended: Noted): void {
    this.#last = appended;
  }

  /** Asks the tables again: a transaction begins, or something else than an append was written. */
  readonly forget = (): void => {
    this.#last = undefined;
  };

  save(context: number, sequence: number, present: StateCheck): void {
    this.forget();
    this.#save.run({ context, sequence, ...present });
  }

  saveAtHead(context: number, present: StateCheck): void {
    this.forget();
    this.#saveHead.run({ context, ...present });
  }

  #count(context: number): StateCheck {
    const places = this.#places.all(context);
    return places.reduce((sum, place) => toggled(sum, place.scope, placeCheck(place)), nothingPresent);
  }
}
