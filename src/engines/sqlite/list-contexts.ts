import type Database from "better-sqlite3";
import { and, asc, eq, gt, gte, isNull, lt, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { ContextFilter, ContextListing } from "../engine.js";
import { contexts, currentKeys, events } from "./schema.js";

/** Answers which contexts exist; the filter's parts are put together for each question. */
export function contextLister(
  database: Database.Database,
): (filter: ContextFilter) => readonly ContextListing[] {
  const tables = drizzle(database);
  return (filter) =>
    tables
      .select({
        context: contexts.id,
        name: contexts.name,
        createdAt: contexts.createdAt,
        parent: contexts.parent,
        forkSequence: sql<number>`coalesce(${contexts.forkSequence}, 0)`,
        keptSequence: contexts.keptSequence,
        version: events.version,
        sequence: events.sequence,
        changedAt: events.recordedAt,
        keys: sql<number>`(SELECT count(*) FROM ${currentKeys} WHERE ${ofScope("persistent")})`,
        metadata: sql<string>`(SELECT json_group_object(${currentKeys.key}, ${currentKeys.value} ORDER BY ${currentKeys.created}) FROM ${currentKeys} WHERE ${ofScope("metadata")})`,
      })
      .from(contexts)
      .innerJoin(events, eq(events.position, newestPosition))
      .where(and(gt(contexts.id, 0), isNull(contexts.keptSequence), ...conditions(filter)))
      .orderBy(asc(contexts.name))
      .limit(filter.limit)
      .all()
      // json_group_object of texts can only be an object of strings.
      .map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as Record<string, string> }));
}

const newestPosition = sql`(SELECT head.position FROM ${events} AS head WHERE head.context = ${contexts.id} ORDER BY head.sequence DESC LIMIT 1)`;

function ofScope(scope: string): SQL {
  return sql`${currentKeys.context} = ${contexts.id} AND ${currentKeys.scope} = ${scope}`;
}

function conditions({
  id,
  metadata,
  changedSince,
  changedBefore,
  key,
  after,
}: ContextFilter): (SQL | undefined)[] {
  return [
    id === undefined ? undefined : sql`${contexts.name} GLOB ${id}`,
    after === undefined ? undefined : gt(contexts.name, after),
    changedSince === undefined ? undefined : gte(events.recordedAt, changedSince),
    changedBefore === undefined ? undefined : lt(events.recordedAt, changedBefore),
    key === undefined ? undefined : holds("persistent", key, undefined),
    ...Object.entries(metadata).map(([name, value]) => holds("metadata", name, value)),
  ];
}

/** That a context has a key in a scope, with that very encoded value if one is given. */
function holds(scope: string, key: string, value: string | undefined): SQL {
  const equal = value === undefined ? sql`1` : sql`${currentKeys.value} = ${value}`;
  return sql`EXISTS (SELECT 1 FROM ${currentKeys} WHERE ${ofScope(scope)} AND ${currentKeys.key} = ${key} AND ${equal})`;
}
