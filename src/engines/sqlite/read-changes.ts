import type Database from "better-sqlite3";
import type { Scope } from "../../core/event.js";
import type { EventPage, Log } from "../engine.js";
import { type ChangeTuple, changeColumns, changeOf } from "./change-tuple.js";
import { beginningOf, edgesOf } from "./page-edges.js";
import { payloadOf, type PayloadTuple } from "./payload-tuple.js";
import type { RowGuard } from "./row-guard.js";

/** Answers about the changes of one key, page by page. */
export function readChanges(
  database: Database.Database,
  guard: RowGuard,
): Pick<Log, "changesOf" | "payloadsOf"> {
  type Bounds = [number, Scope, string, number, number];
  const prepare = <Row>(select: string, order: EventPage["order"]) =>
    database
      .prepare<Bounds, Row>(
        `${select} WHERE k.context = ? AND k.scope = ? AND k.key = ? AND k.sequence ${edgesOf("k")[order]} LIMIT ?`,
      )
      .raw();
  const changesSql = `SELECT ${changeColumns} FROM key_changes AS k`;
  const changes = {
    oldest: prepare<ChangeTuple>(changesSql, "oldest"),
    newest: prepare<ChangeTuple>(changesSql, "newest"),
  };
  const payloadsSql = `SELECT e.sequence, e.version, e.recorded_at, e.payload, e.payload_check, e.context, ${changeColumns}
    FROM key_changes AS k CROSS JOIN events AS e ON e.position = k.position`;
  type Joined = readonly [...PayloadTuple, owner: number, ...ChangeTuple];
  const payloads = {
    oldest: prepare<Joined>(payloadsSql, "oldest"),
    newest: prepare<Joined>(payloadsSql, "newest"),
  };
  return {
    changesOf: (context, scope, key, { order, after, limit }) =>
      changes[order]
        .all(context, scope, key, after ?? beginningOf[order], limit)
        .map((tuple) => changeOf(tuple, context, guard).sequence),
    payloadsOf: (context, scope, key, { order, after, limit }) =>
      payloads[order]
        .all(context, scope, key, after ?? beginningOf[order], limit)
        .map(([sequence, version, recordedAt, payload, check, owner, ...change]) => {
          changeOf(change, context, guard);
          return payloadOf([sequence, version, recordedAt, payload, check], owner, guard);
        }),
  };
}
