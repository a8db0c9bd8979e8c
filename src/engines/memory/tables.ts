import type { CursorRow } from "../../core/cursor.js";
import { type EventRecord, type Scope, scopes, storeStream } from "../../core/event.js";
import type { KeyChangeRow } from "../../projections/rows.js";
import type { CurrentRow, PhaseListing, Receipt } from "../engine.js";
import { Journal } from "./journal.js";

/** All that the store holds. Rows are never changed, only replaced, and only through the journal. */
export class Tables {
  readonly journal = new Journal();
  readonly contexts = new Map<number, ContextTable>();
  readonly numbers = new Map<string, number>();
  /** Where each event lies in the whole log, ascending by position. */
  places: Place[] = [];
  /** Projections set aside by the rebuild under way, by context. */
  aside: ReadonlyMap<number, Projections> | undefined;
  /** The last numbers given out; a rollback does not take them back, so that none is ever used again. */
  lastContext = storeStream;
  lastPosition = 0;

  constructor() {
    const store = {
      context: storeStream,
      name: "",
      createdAt: 0,
      parent: null,
      forkSequence: 0,
      keptSequence: null,
      floorSequence: 0,
    };
    this.contexts.set(storeStream, {
      ...store,
      events: [],
      projections: emptyProjections(),
      cursors: new Map(),
    });
    this.numbers.set("", storeStream);
  }

  clear(): void {
    this.contexts.clear();
    this.numbers.clear();
    this.places = [];
  }
}

/** One event's place in the whole log. */
export interface Place {
  readonly position: number;
  readonly context: number;
  readonly sequence: number;
}

/** A context with everything of it. */
export interface ContextTable {
  readonly context: number;
  readonly createdAt: number;
  readonly parent: number | null;
  readonly forkSequence: number;
  name: string;
  /** Of a context that was deleted and is kept for its forks. */
  keptSequence: number | null;
  /** Up to where its history was pruned. */
  floorSequence: number;
  /** Ascending by sequence. */
  readonly events: EventRecord[];
  projections: Projections;
  readonly cursors: Map<string, CursorRow>;
}

/** What can be dropped and rebuilt from a context's events. */
export interface Projections {
  readonly current: ReadonlyMap<Scope, Map<string, CurrentRow>>;
  /** Each key's changes, ascending by sequence. */
  readonly changes: ReadonlyMap<Scope, Map<string, KeyChangeRow[]>>;
  readonly phases: Map<string, PhaseListing>;
  readonly receipts: Map<string, Receipt>;
}

export function emptyProjections(): Projections {
  return { current: byScope(), changes: byScope(), phases: new Map(), receipts: new Map() };
}

function byScope<Row>(): ReadonlyMap<Scope, Map<string, Row>> {
  return new Map(scopes.map((scope) => [scope, new Map<string, Row>()]));
}
