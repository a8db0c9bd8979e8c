/** What an engine is asked with, and what it answers; the questions stand in engine.ts, which hands these on. */
import type { EventRecord, EventType, Scope } from "../core/event.js";
import type { CurrentWrite, PhaseStatus } from "../projections/rows.js";

export interface ContextRow {
  readonly context: number;
  readonly name: string;
  readonly createdAt: number;
  /** The context it was forked from, if it was. */
  readonly parent: number | null;
  /** The last event that is not its own: it shares it with its parent, or nothing before it is in this store. */
  readonly forkSequence: number;
  /** Of a context that was deleted: the last event that is kept for its forks. */
  readonly keptSequence: number | null;
  /** The event up to which its history was pruned: the state after it is the oldest there is; 0 where none was. */
  readonly floorSequence: number;
}

export interface NewContext extends Pick<ContextRow, "name" | "createdAt"> {
  readonly fork?: { readonly parent: number | null; readonly sequence: number } | undefined;
}

/** A line of the key index, by what finds it. */
export interface ChangePlace {
  readonly scope: Scope;
  readonly key: string;
  readonly sequence: number;
}

/** A context whose history was pruned, and where in the whole log its floor lies. */
export interface Floor {
  readonly context: number;
  readonly sequence: number;
  readonly position: number;
}

/** Which contexts to list, by name in ascending order of code points. */
export interface ContextFilter {
  /** A name pattern: `*` any text, `?` one character, `[a-z]` one of a range. */
  readonly id: string | undefined;
  /** Metadata that must be equal, each value as its encoded text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bounds on the time of the last event, in ms since the epoch: at or after, and before. */
  readonly changedSince: number | undefined;
  readonly changedBefore: number | undefined;
  /** Only those that have this key among their persistent ones. */
  readonly key: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

export interface ContextListing extends ContextRow {
  readonly version: number;
  readonly sequence: number;
  readonly changedAt: number;
  readonly keys: number;
  /** Metadata as encoded texts. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An event's payload and stamp; reading many of them is what time travel costs. */
export type EventPayload = Pick<EventRecord, "sequence" | "version" | "recordedAt" | "payload">;

/** A page of events: those beyond `after` in the given order, at most `limit`; of one type if it is given. */
export interface EventPage {
  readonly type?: EventType | undefined;
  readonly order: "oldest" | "newest";
  /** A sequence; undefined begins at the end that the order names. */
  readonly after: number | undefined;
  readonly limit: number;
}

/** How far to look through the log behind a position, and for what. What does not fit is passed over unread. */
export interface LogPage {
  /** Only events of this context. */
  readonly context?: number | undefined;
  /** Only events of contexts whose name fits a pattern; the store's own stream has none that could. */
  readonly names?: string | undefined;
  /** Only events of one of these types. */
  readonly types?: readonly EventType[] | undefined;
  readonly actor?: string | undefined;
  /** At most so many events are looked at, whether they fit or not. */
  readonly limit: number;
  /** The stretch ends early with the event whose payload brings them all to so many characters. */
  readonly characters: number;
}

/** A stretch of the log, whose events are in order of position. */
export interface LogStretch {
  readonly events: readonly LoggedEvent[];
  /** Everything that fits is among the events, up to and including this position. */
  readonly upTo: number;
}

/** An event with its place in the whole log, and its context's number and present name. */
export interface LoggedEvent extends EventRecord {
  readonly position: number;
  readonly context: number;
  readonly name: string;
}

export interface Stamp {
  readonly sequence: number;
  readonly version: number;
  readonly recordedAt: number;
}

export type CurrentRow = Omit<CurrentWrite, "table">;

export interface Receipt {
  readonly sequence: number;
  readonly command: string;
  readonly outcome: string | null;
}

/** A receipt with the idempotency key that it is found by. */
export interface KeyedReceipt extends Receipt {
  readonly idempotencyKey: string;
}

export interface PhaseListing {
  readonly id: string;
  readonly name: string;
  readonly once: string | null;
  readonly status: PhaseStatus;
  readonly startedSequence: number;
  readonly endedSequence: number | null;
}

export interface RowCounts {
  readonly keyChanges: number;
  readonly receipts: number;
}

/** How many events, and the bytes of their payloads as JSON texts in UTF-8. */
export interface EventSize {
  readonly events: number;
  readonly eventBytes: number;
}

/** Bytes are those of JSON texts in UTF-8. */
export interface Sizes extends EventSize {
  readonly keys: readonly KeySize[];
}
export interface KeySize {
  readonly scope: Scope;
  readonly key: string;
  /** Of the present value; 0 for a key that is gone. */
  readonly bytes: number;
  readonly changes: number;
  /** Of all that events hold of it. */
  readonly eventBytes: number;
}

/** The events of one type and age: how many of the times asked with they were recorded before. */
export interface EventKindSize extends EventSize {
  readonly type: EventType;
  readonly age: number;
}

/** The events that a context keeps; it has no name where it was deleted and forks need them. */
export interface ContextSize extends EventSize {
  readonly context: string | null;
}

/** A store as it lies on the medium. */
export interface StoreSizes {
  readonly bytes: number;
  /** Of the events, and of what finds them. */
  readonly logBytes: number;
  /** Of what can be made anew from the events. */
  readonly derivedBytes: number;
  /** Of what is not in use, and will be before the store grows. */
  readonly freeBytes: number;
}

/** Something that is not as it was written. */
export interface Damage {
  readonly why: string;
  /** The row, where it is one and no more. */
  readonly row?: {
    readonly context: number;
    readonly sequence: number | undefined;
    /** Whether a rebuild makes it anew. */
    readonly isDerived: boolean;
  };
}

/** A copy of a whole store, and what is in it. */
export interface Backup {
  /** The full path. */
  readonly file: string;
  readonly bytes: number;
  readonly contexts: number;
  readonly events: number;
}

/** A table of answers: the columns in order, and each row by their names. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What is left of a damaged store: everything that was found, wherever it lay; nothing of it has been verified. */
export interface Remains {
  /** Where the store is. */
  readonly source: string;
  readonly events: readonly FoundEvent[];
  readonly contexts: readonly FoundContext[];
  /** What an index says that there should be. */
  readonly listed: readonly ListedEvent[];
  /** What of the files cannot be read, in words. */
  readonly damage: readonly string[];
  /** Whether so much cannot be read that an event may be gone without a trace. */
  readonly mayHideEvents: boolean;
  /** The newest event that the store's anchor names. */
  readonly anchor: { readonly position: number; readonly hash: string } | undefined;
}

/** An event that was found, under the number of its context. */
export interface FoundEvent {
  readonly context: number;
  readonly position: number;
  readonly record: EventRecord;
  /** False for what lies behind the last commit that is there. */
  readonly isCommitted: boolean;
}

/** A context as the table of contexts has it; one that is kept was deleted, and its forks need it. */
export interface FoundContext {
  readonly context: number;
  readonly name: string;
  readonly isKept: boolean;
}

/** Where an event should be. */
export interface ListedEvent {
  readonly context: number;
  readonly sequence: number;
  readonly position: number;
}
