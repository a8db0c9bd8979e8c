/**
 * The port behind which every engine stands. An engine keeps the log and the rows beside it and knows no
 * rules: it runs programs, takes the write lock, appends, and answers the questions below.
 */
import type { ArchiveLocation } from "../core/archive.js";
import type {
  Backup,
  ChangePlace,
  ContextFilter,
  ContextListing,
  ContextRow,
  ContextSize,
  CurrentRow,
  Damage,
  EventKindSize,
  EventPage,
  EventPayload,
  EventSize,
  Floor,
  KeyedReceipt,
  LogPage,
  LogStretch,
  NewContext,
  PhaseListing,
  QueryResult,
  Receipt,
  RowCounts,
  Sizes,
  Stamp,
  StoreSizes,
} from "./answers.js";
import type { CursorListing, CursorRow } from "../core/cursor.js";
import type { ContextError } from "../core/errors.js";
import type { EventHeader, EventRecord, Scope } from "../core/event.js";
import type { Mode, Program, Returns, Waitable } from "../program/program.js";
import type { KeyChangeRow, PhaseStatus, RowWrite } from "../projections/rows.js";

export type { PhaseStatus } from "../projections/rows.js";
export type * from "./answers.js";

export interface Engine<M extends Mode = Mode> {
  readonly mode: M;
  readonly name: string;
  /** Where the store is: a file's path, or a word such as ":memory:". */
  readonly location: string;
  /** Drives a program in this engine's mode. */
  readonly run: <Result>(program: Program<Result>) => Returns<M, Result>;
  /** Runs work in one transaction, the write lock taken first; commits if it ends, rolls back if it throws. */
  readonly write: <Result>(work: (log: WritableLog) => Program<Result>) => Program<Result>;
  /** Runs work on one consistent view of the log. */
  readonly read: <Result>(work: (log: Log) => Program<Result>) => Program<Result>;
  /** The same, and hands out damaged rows as they are: for who looks for damage. */
  readonly examine: <Result>(work: (log: Log) => Program<Result>) => Program<Result>;
  /** Answers a query in the engine's own language, read-only. */
  readonly query: (sql: string, parameters: readonly unknown[]) => Waitable<QueryResult>;
  /** Removes what is left of erased values outside the log; false where a reader of an older state is in the way. */
  readonly scrub: () => Waitable<boolean>;
  /** Lets others have the write lock, before it is taken again for work that can wait. */
  readonly giveWay: () => Waitable<void>;
  /** What is wrong with the medium itself, and with rows on it; nothing where it is sound. */
  readonly check: () => Waitable<readonly Damage[]>;
  /** Copies everything, as it was at one moment, to a new file that is a store by itself. */
  readonly backup: (file: string) => Waitable<Backup>;
  /** Ends when all that was written until now is on the medium to stay. */
  readonly makeDurable: () => Waitable<void>;
  /** The writes that were answered and are not committed yet. */
  readonly group: Grouping;
  /** Commits what waits for it, and frees everything; idempotent. */
  readonly close: () => Waitable<void>;
}

/**
 * How an engine answers writes before it commits them, many together. It shows them to whoever asks it by `read`
 * and `write`, and to nobody else; whoever uses it sees to it that they are committed soon.
 */
export interface Grouping {
  readonly isOpen: () => boolean;
  /** Commits them; nothing where none wait. */
  readonly commit: () => Waitable<void>;
  /** Why such writes are lost, or may be; the engine then answers nothing more, since it was believed already. */
  readonly failure: () => ContextError | undefined;
}

/** What can be asked of the log. `context` is the engine's own number of a context. */
export interface Log {
  /** A number that changes whenever someone else may have written. */
  readonly changeMark: () => Waitable<number>;
  readonly findContext: (name: string) => Waitable<ContextRow | undefined>;
  readonly hasContext: (context: number) => Waitable<boolean>;
  /** The present name, or undefined where there is no such context, or none any more. */
  readonly contextName: (context: number) => Waitable<string | undefined>;
  /** The event up to which a context's history was pruned; 0 where it is whole. */
  readonly floor: (context: number) => Waitable<number>;
  /** The floor that lies furthest behind a position of the whole log, of one context or of those of a name pattern. */
  readonly newestFloor: (
    position: number,
    of: { readonly context?: number | undefined; readonly names?: string | undefined },
  ) => Waitable<Floor | undefined>;
  /** Every context, in the order they were made: those that were deleted and are kept for their forks, too. */
  readonly everyContext: () => Waitable<readonly ContextRow[]>;
  /** A context, its parent, and so on to the first ancestor; nothing where there is no such context. */
  readonly lineage: (context: number) => Waitable<readonly ContextRow[]>;
  /** The contexts that were forked from one, in the order they were made. */
  readonly forksOf: (context: number) => Waitable<readonly ContextRow[]>;
  readonly listContexts: (filter: ContextFilter) => Waitable<readonly ContextListing[]>;
  readonly countContexts: () => Waitable<number>;
  /** The newest event, or undefined where the context has none. */
  readonly head: (context: number) => Waitable<EventRecord | undefined>;
  /** Version and time of one event, without its payload. */
  readonly stamp: (context: number, sequence: number) => Waitable<Stamp | undefined>;
  /** One event without its payload. */
  readonly header: (context: number, sequence: number) => Waitable<EventHeader | undefined>;
  /** The payloads of the events of these numbers, in any order. */
  readonly payloads: (context: number, sequences: readonly number[]) => Waitable<readonly EventPayload[]>;
  /** The numbers of a context's own events behind one and up to another, in order: the first ones. */
  readonly sequences: (
    context: number,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ) => Waitable<readonly number[]>;
  readonly events: (context: number, page: EventPage) => Waitable<readonly EventRecord[]>;
  /** The position of the newest event of the whole store; 0 where there is none. */
  readonly lastPosition: () => Waitable<number>;
  /**
   * Events of all contexts, and of the store itself, in the order in which they were committed. What was
   * deleted is not among them, even where it is kept for forks.
   */
  readonly eventsAfter: (position: number, page: LogPage) => Waitable<LogStretch>;
  /** Present entries, in order of scope and creation. */
  readonly current: (context: number) => Waitable<readonly CurrentRow[]>;
  /** For each key of a scope, its last change up to and including an event, in order of creation. */
  readonly keysAt: (context: number, scope: Scope, sequence: number) => Waitable<readonly KeyChangeRow[]>;
  /** The numbers of the events that changed a key of a scope, a page of them. */
  readonly changesOf: (
    context: number,
    scope: Scope,
    key: string,
    page: Omit<EventPage, "type">,
  ) => Waitable<readonly number[]>;
  /** One line of the key index. */
  readonly keyChange: (
    context: number,
    scope: Scope,
    key: string,
    sequence: number,
  ) => Waitable<KeyChangeRow | undefined>;
  /** How many rows a context has: of the index those behind an event, and all receipts. */
  readonly rowCounts: (context: number, after: number) => Waitable<RowCounts>;
  /** The payloads of the events that changed a key of a scope, a page of them. */
  readonly payloadsOf: (
    context: number,
    scope: Scope,
    key: string,
    page: Omit<EventPage, "type">,
  ) => Waitable<readonly EventPayload[]>;
  readonly receipt: (context: number, idempotencyKey: string) => Waitable<Receipt | undefined>;
  /** The newest receipts of events up to one, oldest first. */
  readonly receiptsUpTo: (
    context: number,
    sequence: number,
    limit: number,
  ) => Waitable<readonly KeyedReceipt[]>;
  readonly phases: (context: number, status: PhaseStatus | undefined) => Waitable<readonly PhaseListing[]>;
  /** Where folds over a context's events have come to: one by its name, or all by names in order of code points. */
  readonly cursor: (context: number, name: string) => Waitable<CursorRow | undefined>;
  /** Where an archive is now: beside the store, where it is there, and else where it was. */
  readonly findArchive: (archive: ArchiveLocation) => Waitable<string>;
  readonly cursors: (context: number) => Waitable<readonly CursorListing[]>;
  readonly sizes: (context: number) => Waitable<Sizes>;
  /** Sizes by type, and by which of three times they were recorded before; of a context's own events, or of all. */
  readonly eventSizes: (
    context: number | undefined,
    times: readonly [number, number, number],
  ) => Waitable<readonly EventKindSize[]>;
  /** The size of a context's own events up to one. */
  readonly eventsUpTo: (context: number, sequence: number) => Waitable<EventSize>;
  /** The contexts that keep the most, the largest first. */
  readonly contextSizes: (limit: number) => Waitable<readonly ContextSize[]>;
  /** Looks at every page of the store. */
  readonly storeSizes: () => Waitable<StoreSizes>;
}

export interface WritableLog extends Log {
  readonly createContext: (context: NewContext) => Waitable<number>;
  /** Appends an event and writes its rows; gives its position in the store. */
  readonly append: (context: number, record: EventRecord, rows: readonly RowWrite[]) => Waitable<number>;
  /**
   * Puts another payload in the place of an event's: the same, with values erased. Only while the newest event
   * of the context is the erasure that names it, or has ended the ephemeral keys whose values go; or up to the floor.
   */
  readonly erase: (context: number, sequence: number, payload: string) => Waitable<void>;
  /** Keeps a cursor in the place of one of the same name; removes one, telling whether it was there, or all. */
  readonly saveCursor: (context: number, cursor: CursorRow) => Waitable<void>;
  readonly removeCursor: (context: number, name: string) => Waitable<boolean>;
  readonly removeCursors: (context: number) => Waitable<void>;
  /** Notes that a history is pruned up to an event; forgets the phases that began by then, and older receipts. */
  readonly setFloor: (context: number, sequence: number, oldestReceipt: number) => Waitable<void>;
  /** Removes events below the floor. */
  readonly removeEvents: (context: number, sequences: readonly number[]) => Waitable<void>;
  /** Removes lines of the key index. */
  readonly removeChanges: (context: number, places: readonly ChangePlace[]) => Waitable<void>;
  /** Removes a context with its events, rows and cursors. */
  readonly removeContext: (context: number) => Waitable<void>;
  /**
   * Removes a context whose forks need its events up to one: these stay, with the index of keys that leads to
   * them, and nothing else; nobody finds the context by its name any more.
   */
  readonly keepForForks: (context: number, upTo: number) => Waitable<void>;
  /** Gives back at most so many pages of those that are not in use; tells what the store takes then. */
  readonly releasePages: (pages: number) => Waitable<Pick<StoreSizes, "bytes" | "freeBytes">>;
  /** Empties all projections, setting their rows aside for {@link differences}. */
  readonly clearProjections: () => Waitable<void>;
  /** Writes the rows of an event that is in the log already. */
  readonly reproject: (context: number, sequence: number, rows: readonly RowWrite[]) => Waitable<void>;
  /** How many rows of each projection differ from those set aside, which are then dropped. */
  readonly differences: () => Waitable<Readonly<Record<string, number>>>;
}
