import type Database from "better-sqlite3";
import type { ContextRow, Log } from "../engine.js";
import { contextLister } from "./list-contexts.js";

/** A row of contexts, for a SELECT FROM contexts AS c. */
const contextColumns = `c.id AS context, c.name, c.created_at AS createdAt, c.parent, coalesce(c.fork_sequence, 0) AS forkSequence,
   c.kept_sequence AS keptSequence`;

/** Answers which contexts there are, and what they are called. */
export function readContexts(
  database: Database.Database,
): Pick<Log, "changeMark" | "findContext" | "hasContext" | "contextName" | "countContexts" | "listContexts"> {
  const mark = database.prepare<[], number>("PRAGMA data_version").pluck();
  const find = database.prepare<[string], ContextRow>(
    `SELECT ${contextColumns} FROM contexts AS c WHERE c.name = ? AND c.id > 0`,
  );
  const present = "kept_sequence IS NULL";
  const has = database
    .prepare<[number], number>(`SELECT 1 FROM contexts WHERE id = ? AND ${present}`)
    .pluck();
  const name = database
    .prepare<[number], string>(`SELECT name FROM contexts WHERE id = ? AND ${present}`)
    .pluck();
  const count = database
    .prepare<[], number>(`SELECT count(*) FROM contexts WHERE id > 0 AND ${present}`)
    .pluck();
  return {
    changeMark: () => mark.get() ?? 0,
    findContext: (name) => find.get(name),
    hasContext: (context) => has.get(context) !== undefined,
    contextName: (context) => name.get(context),
    countContexts: () => count.get() ?? 0,
    listContexts: contextLister(database),
  };
}

/** Answers which contexts descend from which. */
export function readLineage(database: Database.Database): Pick<Log, "everyContext" | "lineage" | "forksOf"> {
  const every = database.prepare<[], ContextRow>(
    `SELECT ${contextColumns} FROM contexts AS c WHERE c.id > 0 ORDER BY c.id`,
  );
  const lineage = database.prepare<[number], ContextRow>(
    `WITH RECURSIVE line (id, distance) AS (
       SELECT ?, 0
       UNION ALL
       SELECT c.parent, distance + 1 FROM line JOIN contexts AS c ON c.id = line.id WHERE c.parent < c.id
     )
     SELECT ${contextColumns} FROM line JOIN contexts AS c ON c.id = line.id ORDER BY distance`,
  );
  const forks = database.prepare<[number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts AS c WHERE c.parent = ? ORDER BY c.id`,
  );
  return {
    everyContext: () => every.all(),
    lineage: (context) => lineage.all(context),
    forksOf: (context) => forks.all(context),
  };
}
