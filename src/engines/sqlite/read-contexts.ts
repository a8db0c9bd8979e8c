import type Database from "better-sqlite3";
import type { ContextRow, Log } from "../engine.js";
import { contextLister } from "./list-contexts.js";
import { contextCheck } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";

/** A row of contexts, for a SELECT FROM contexts AS c. */
export const contextColumns = `c.id AS context, c.name, c.created_at AS createdAt, c.parent, coalesce(c.fork_sequence, 0) AS forkSequence,
   c.kept_sequence AS keptSequence, coalesce(c.floor_sequence, 0) AS floorSequence`;

/** A row of contexts with its checksum. */
export type CheckedRow = ContextRow & { readonly check: number | null };

/** The same with their checksum. */
export const checkedColumns = `${contextColumns}, c.row_check AS "check"`;

/** Reads a row of contexts, which must be as it was written. */
export function rowOf({ check, ...row }: CheckedRow, guard: RowGuard): ContextRow {
  guard.compare(check, contextCheck(row), "contexts", row.context, row.name);
  return row;
}

/** Answers which contexts there are, and what they are called. */
export function readContexts(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "changeMark" | "findContext" | "hasContext" | "contextName" | "countContexts" | "listContexts"> {
  const mark = database.prepare<[], number>("PRAGMA data_version").pluck();
  const select = `SELECT ${checkedColumns} FROM contexts AS c`;
  const find = database.prepare<[string], CheckedRow>(`${select} WHERE c.name = ? AND c.id > 0`);
  const before = database.prepare<[string], CheckedRow>(
    `${select} WHERE c.name < ? ORDER BY c.name DESC LIMIT 1`,
  );
  const after = database.prepare<[string], CheckedRow>(`${select} WHERE c.name > ? ORDER BY c.name LIMIT 1`);
  const present = "kept_sequence IS NULL";
  const numbered = database.prepare<[number], CheckedRow>(`${select} WHERE c.id = ?`);
  const count = database
    .prepare<[], number>(`SELECT count(*) FROM contexts WHERE id > 0 AND ${present}`)
    .pluck();
  const nameOf = (context: number) => {
    const row = numbered.get(context);
    return row?.keptSequence === null ? rowOf(row, guard).name : undefined;
  };
  return {
    changeMark: () => mark.get() ?? 0,
    findContext: (name) => {
      const row = find.get(name);
      if (row !== undefined) return rowOf(row, guard);
      // Damage in the index of names may hide a context, and it would be made anew: then it is a neighbour's.
      for (const neighbour of [before.get(name), after.get(name)])
        if (neighbour !== undefined) rowOf(neighbour, guard);
      return undefined;
    },
    hasContext: (context) => nameOf(context) !== undefined,
    contextName: nameOf,
    countContexts: () => count.get() ?? 0,
    listContexts: contextLister(database, guard),
  };
}

/** Answers which contexts descend from which. */
export function readLineage(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "everyContext" | "lineage" | "forksOf"> {
  const every = database.prepare<[], CheckedRow>(
    `SELECT ${checkedColumns} FROM contexts AS c WHERE c.id > 0 ORDER BY c.id`,
  );
  const lineage = database.prepare<[number], CheckedRow>(
    `WITH RECURSIVE line (id, distance) AS (
       SELECT ?, 0
       UNION ALL
       SELECT c.parent, distance + 1 FROM line JOIN contexts AS c ON c.id = line.id WHERE c.parent < c.id
     )
     SELECT ${checkedColumns} FROM line JOIN contexts AS c ON c.id = line.id ORDER BY distance`,
  );
  const forks = database.prepare<[number], CheckedRow>(
    `SELECT ${checkedColumns} FROM contexts AS c WHERE c.parent = ? ORDER BY c.id`,
  );
  const checked = (rows: readonly CheckedRow[]) => rows.map((row) => rowOf(row, guard));
  return {
    everyContext: () => checked(every.all()),
    lineage: (context) => checked(lineage.all(context)),
    forksOf: (context) => checked(forks.all(context)),
  };
}
