import { createHash } from "node:crypto";
import type Database from "better-sqlite3";

/** One object of a database, as its schema table tells of it; a file from elsewhere may tell anything. */
export interface SchemaObject {
  readonly type: unknown;
  readonly name: unknown;
  readonly tbl_name: unknown;
  readonly sql: unknown;
}

/** What ANALYZE adds to a database: figures that help the planner, and nothing that runs. */
const statistics = new Set([
  "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
  "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
]);

/** Reads the tables, indexes, triggers and views of a database without running any, in an order of their own. */
export function readSchema(database: Database.Database): readonly SchemaObject[] {
  return database
    .prepare<[], SchemaObject>("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2, 3, 4")
    .all()
    .filter(({ type, sql }) => type !== "table" || typeof sql !== "string" || !statistics.has(sql));
}

/** Gives a text that is the same for the same objects and for no others. */
export function fingerprintOf(objects: readonly SchemaObject[]): string {
  const rows = objects.map(({ type, name, tbl_name, sql }) => [type, name, tbl_name, sql]);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}
