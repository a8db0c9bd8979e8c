import type Database from "better-sqlite3";
import type { Scope } from "../../core/event.js";
import type { KeyChangeRow } from "../../projections/rows.js";
import type { CurrentRow, Log } from "../engine.js";
import { type ChangeTuple, changeColumns, changeOf } from "./change-tuple.js";
import { currentCheck, placeCheck } from "./row-check.js";
import type { RowGuard } from "./row-guard.js";
import { nothingPresent, StateChecks, toggled } from "./state-checks.js";

/**
 * Walks from key to key by index seeks, so that the cost follows the keys and not the history. What is
 * first or last in the index is asked for in its order: min() and max() take twice the time.
 */
const keysAtSql = `
  WITH RECURSIVE seek (key) AS (
    SELECT * FROM (SELECT key FROM key_changes WHERE context = :context AND scope = :scope ORDER BY key LIMIT 1)
    UNION ALL
    SELECT (
      SELECT key FROM key_changes
      WHERE context = :context AND scope = :scope AND key > seek.key ORDER BY key LIMIT 1
    )
    FROM seek WHERE seek.key IS NOT NULL
  )
  SELECT ${changeColumns}
  FROM seek CROSS JOIN key_changes AS k
    ON k.context = :context AND k.scope = :scope AND k.key = seek.key AND k.sequence = (
      SELECT sequence FROM key_changes
      WHERE context = :context AND scope = :scope AND key = seek.key AND sequence <= :sequence
      ORDER BY sequence DESC LIMIT 1
    )
  WHERE seek.key IS NOT NULL`;

type CurrentTuple = readonly [
  scope: Scope,
  key: string,
  created: number,
  sequence: number,
  version: number,
  changedAt: number,
  value: string | null,
  bytes: number | null,
  check: number | null,
];

/** Answers about keys, present and past; all that are read together must be all that there are. */
export function readKeys(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "current" | "keysAt" | "keyChange"> {
  const checks = new StateChecks(database);
  const one = database
    .prepare<[number, Scope, string, number], ChangeTuple>(
      `SELECT ${changeColumns} FROM key_changes AS k WHERE context = ? AND scope = ? AND key = ? AND sequence = ?`,
    )
    .raw();
  return {
    ...readPresent(database, checks, guard),
    ...readPast(database, checks, guard),
    keyChange: (context, scope, key, sequence) => {
      const tuple = one.get(context, scope, key, sequence);
      return tuple === undefined ? undefined : changeOf(tuple, context, guard);
    },
  };
}

function readPresent(
  database: Database.Database,
  checks: StateChecks,
  guard: RowGuard,
): Pick<Log, "current"> {
  const current = database
    .prepare<[number], CurrentTuple>(
      `SELECT scope, key, created, sequence, version, changed_at, value, bytes, row_check
       FROM current_keys WHERE context = ? ORDER BY scope, created`,
    )
    .raw();
  return {
    current: (context) => {
      let found = nothingPresent;
      const rows = current.all(context).map((tuple) => {
        const { row, place } = currentOf(tuple, context, guard);
        found = toggled(found, row.scope, place);
        return row;
      });
      const noted = checks.atHead(context) ?? found;
      if ((found.keys !== noted.keys || found.marks !== noted.marks) && !checks.isRebuilding())
        guard.refuse("current_keys", `context number ${context} has other rows than its newest event left`);
      return rows;
    },
  };
}

function readPast(database: Database.Database, checks: StateChecks, guard: RowGuard): Pick<Log, "keysAt"> {
  const keysAt = database
    .prepare<[{ context: number; scope: Scope; sequence: number }], ChangeTuple>(keysAtSql)
    .raw();
  return {
    keysAt: (context, scope, sequence) => {
      const rows = keysAt.all({ context, scope, sequence }).map((tuple) => changeOf(tuple, context, guard));
      const noted = scope === "persistent" ? checks.after(context, sequence)?.keys : undefined;
      if (noted !== undefined && noted !== presentKeys(rows) && !checks.isRebuilding())
        guard.refuse("key_changes", `context number ${context} has other rows than event #${sequence} left`);
      return rows.sort((a, b) => a.created - b.created);
    },
  };
}

function currentOf(
  tuple: CurrentTuple,
  context: number,
  guard: RowGuard,
): { row: CurrentRow; place: number } {
  const [scope, key, created, sequence, version, changedAt, value, bytes, check] = tuple;
  const row = { scope, key, created, sequence, version, changedAt, value, bytes };
  const place = placeCheck(row);
  guard.compare(check, currentCheck(context, row, place), "current_keys", context, key);
  return { row, place };
}

/** What a {@link StateCheck} notes of the persistent keys that are present by these changes. */
function presentKeys(rows: readonly KeyChangeRow[]): number {
  return rows.reduce((keys, row) => (row.operation === "set" ? keys ^ placeCheck(row) : keys), 0);
}
