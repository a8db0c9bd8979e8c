import type Database from "better-sqlite3";
import type { ContextFilter, ContextListing, ContextRow } from "../engine.js";
import { headerCheck, headerColumns, type HeaderTuple } from "./event-tuple.js";
import { contextCheck, currentCheck, placeCheck } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/** A context, the header of its newest event, its number of keys, and its metadata as {@link Fact}s in JSON. */
type ListedTuple = readonly [
  ...HeaderTuple,
  name: string,
  createdAt: number,
  parent: number | null,
  forkSequence: number,
  keptSequence: number | null,
  check: number | null,
  floorSequence: number,
  keys: number,
  facts: string | null,
];

/** A row of metadata. */
type Fact = readonly [
  key: string,
  created: number,
  sequence: number,
  version: number,
  changedAt: number,
  value: string,
  check: number | null,
];

/** Answers which contexts exist; all it tells of them, but for how many keys they have, is as it was written. */
export function contextLister(
  database: Database.Database,
  guard: RowGuard,
): (filter: ContextFilter) => readonly ContextListing[] {
  const prepared = new Map<string, Database.Statement<[Parameters], ListedTuple>>();
  return (filter) => {
    const sql = listingSql(filter);
    const listing = prepared.get(sql) ?? database.prepare<[Parameters], ListedTuple>(sql).raw();
    prepared.set(sql, listing);
    return listing.all(parametersOf(filter)).map((row) => listingOf(row, guard));
  };
}

/** What is asked for in the filter's stead; a parameter of `undefined` is not in the query. */
type Parameters = Omit<ContextFilter, "metadata"> & { readonly facts: string };

function parametersOf({ metadata, ...filter }: ContextFilter): Parameters {
  return { ...filter, facts: JSON.stringify(Object.entries(metadata)) };
}

function keysOf(scope: "persistent" | "metadata"): string {
  return `SELECT 1 FROM current_keys AS k WHERE k.context = c.id AND k.scope = '${scope}'`;
}

const columns = `${headerColumns}, c.name, c.created_at, c.parent, coalesce(c.fork_sequence, 0), c.kept_sequence, c.row_check, coalesce(c.floor_sequence, 0),
  (SELECT count(*) FROM current_keys AS k WHERE k.context = c.id AND k.scope = 'persistent'),
  (SELECT json_group_array(
     json_array(k.key, k.created, k.sequence, k.version, k.changed_at, k.value, k.row_check))
   FROM current_keys AS k WHERE k.context = c.id AND k.scope = 'metadata')`;

const newestPosition =
  "(SELECT head.position FROM events AS head WHERE head.context = c.id ORDER BY head.sequence DESC LIMIT 1)";

/** Only what a filter names is in the query, so that an index can serve it; there are not many such queries. */
function listingSql({ id, metadata, changedSince, changedBefore, key, after }: ContextFilter): string {
  const conditions = [
    id !== undefined && "c.name GLOB :id",
    after !== undefined && "c.name > :after",
    changedSince !== undefined && "events.recorded_at >= :changedSince",
    changedBefore !== undefined && "events.recorded_at < :changedBefore",
    key !== undefined && `EXISTS (${keysOf("persistent")} AND k.key = :key)`,
    Object.keys(metadata).length > 0 &&
      `NOT EXISTS (SELECT 1 FROM json_each(:facts) AS fact WHERE NOT EXISTS
         (${keysOf("metadata")} AND k.key = fact.value ->> 0 AND k.value = fact.value ->> 1))`,
  ].filter((condition) => condition !== false);
  return `SELECT ${columns} FROM contexts AS c JOIN events ON events.position = ${newestPosition}
    WHERE ${["c.id > 0", "c.kept_sequence IS NULL", ...conditions].join(" AND ")}
    ORDER BY c.name LIMIT :limit`;
}

function listingOf(tuple: ListedTuple, guard: RowGuard): ContextListing {
  const [, context, sequence, version] = tuple;
  const [changedAt, headCheck] = [tuple[11], tuple[13]];
  guard.compare(headCheck, headerCheck(tuple), "events", context, sequence);
  const [name, createdAt, parent, forkSequence] = [tuple[14], tuple[15], tuple[16], tuple[17]];
  const [keptSequence, check, floorSequence] = [tuple[18], tuple[19], tuple[20]];
  const [keys, facts] = [tuple[21], tuple[22]];
  const row: ContextRow = { context, name, createdAt, parent, forkSequence, keptSequence, floorSequence };
  guard.compare(check, contextCheck(row), "contexts", context, name);
  return { ...row, version, sequence, changedAt, keys, metadata: metadataOf(context, facts, guard) };
}

function metadataOf(context: number, facts: string | null, guard: RowGuard): Record<string, string> {
  if (facts === null || facts === "[]") return {};
  // What the query makes of the rows.
  const rows = JSON.parse(facts) as Fact[];
  rows.sort(([, one], [, other]) => one - other);
  const texts = rows.map(([key, created, sequence, version, changedAt, value, check]) => {
    const place = placeCheck({ scope: "metadata", key, created, sequence });
    const expected = currentCheck(context, { version, changedAt, value, bytes: null }, place);
    guard.compare(check, expected, "current_keys", context, key);
    return [key, value] as const;
  });
  return Object.fromEntries(texts);
}
