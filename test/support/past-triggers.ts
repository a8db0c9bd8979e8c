import type Database from "better-sqlite3";

/** Changes a database past the triggers that keep the log as it is; they are as before when it is done. */
export function pastTriggers<Result>(database: Database.Database, change: () => Result): Result {
  return database.transaction(() => {
    const triggers = database
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
      )
      .all();
    for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
    const result = change();
    for (const { sql } of triggers) database.exec(sql);
    return result;
  })();
}
