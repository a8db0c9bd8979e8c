import Database from "better-sqlite3";
import { ContextError } from "../../core/errors.js";
import type { Backup } from "../engine.js";
import type { AnchoredHead } from "./anchor-record.js";
import { findDamage, findDangling } from "./check-file.js";
import { newestHead } from "./newest-head.js";

/** A copy to be checked: where it lies, what it will be called, and the least it must hold. */
interface Copy {
  readonly draft: string;
  readonly target: string;
  /** The newest position there was before the copy was begun. */
  readonly since: number;
}

/** How much a sound copy holds, and its newest event. */
export interface CheckedCopy extends Pick<Backup, "contexts" | "events"> {
  readonly head: AnchoredHead;
}

/**
 * Checks that a copy is a sound file and holds what its source held at some moment since it was begun.
 * Events are only ever appended, in the order of their positions: the newest one in the copy says which
 * moment that was, and the source, though it has gone on, still tells what it held then.
 * @throws {ContextError} BACKUP_UNSOUND
 */
export function checkCopy(source: Database.Database, { draft, target, since }: Copy): CheckedCopy {
  const copy = new Database(draft, { readonly: true, fileMustExist: true });
  const unsound = (why: string) => new ContextError("BACKUP_UNSOUND", { target, why });
  try {
    const fault = findFault(source, copy);
    if (fault !== undefined) throw unsound(fault);
    const head = newestHead(copy);
    const until = head.position;
    if (until < since) throw unsound("its newest events are missing");
    const gap = findGap(source, chainsUntil(source, until), chainsUntil(copy, until));
    if (gap !== undefined) throw unsound(gap);
    return { head, ...countsOf(copy) };
  } finally {
    copy.close();
  }
}

/** What marks a file as a store, of which release. */
const marks = ["application_id", "user_version"] as const;

function findFault(source: Database.Database, copy: Database.Database): string | undefined {
  try {
    const [damage] = [...findDamage(copy), ...findDangling(copy)];
    if (damage !== undefined) return damage;
    const mark = marks.find((name) => !Object.is(numberOf(copy, name), numberOf(source, name)));
    return mark === undefined ? undefined : `its ${mark} is not the store's`;
  } catch (error) {
    if (error instanceof Database.SqliteError) return error.message;
    throw error;
  }
}

function numberOf(database: Database.Database, pragma: (typeof marks)[number]): unknown {
  return database.pragma(pragma, { simple: true });
}

/** The events of one context: how many, and the hash of the last one, which covers them all. */
interface Chain {
  readonly context: number;
  readonly events: number;
  readonly head: string;
  /** Up to where the events of a deleted context are kept for its forks. */
  readonly kept: number | null;
}

/** The chains as they were when the event of a position was the newest. */
function chainsUntil(database: Database.Database, position: number): ReadonlyMap<number, Chain> {
  const chains = database.prepare<[number], Chain>(
    `SELECT t.context, t.events, hex(e.hash) AS head, c.kept_sequence AS kept
     FROM (
       SELECT context, count(*) AS events, max(sequence) AS sequence
       FROM events WHERE position <= ? GROUP BY context
     ) AS t JOIN events AS e USING (context, sequence) JOIN contexts AS c ON c.id = t.context`,
  );
  return new Map(chains.all(position).map((chain) => [chain.context, chain]));
}

/** What a copy lacks, or has too much. */
function findGap(
  source: Database.Database,
  expected: ReadonlyMap<number, Chain>,
  found: ReadonlyMap<number, Chain>,
): string | undefined {
  const isThere = source.prepare<[number], number>("SELECT 1 FROM contexts WHERE id = ?").pluck();
  const wrong = [...new Set([...expected.keys(), ...found.keys()])].find((context) => {
    const [one, other] = [expected.get(context), found.get(context)];
    // Events go only with their context: it may have been deleted since, all of it or what no fork needs.
    if (one === undefined) return isThere.get(context) !== undefined;
    if (other !== undefined && one.kept !== other.kept) return false;
    return one.events !== other?.events || one.head !== other.head;
  });
  return wrong === undefined ? undefined : `the events of context number ${wrong} are not those of the store`;
}

/** What the store has of its own does not count, nor does what is kept of deleted contexts as a context. */
function countsOf(copy: Database.Database): Pick<Backup, "contexts" | "events"> {
  const count = (what: string) => copy.prepare<[], number>(`SELECT count(*) FROM ${what}`).pluck().get() ?? 0;
  return {
    contexts: count("contexts WHERE id > 0 AND kept_sequence IS NULL"),
    events: count("events WHERE context > 0"),
  };
}
