import Database from "better-sqlite3";

/**
 * Sees to it that nobody builds on a commit that may not have reached the disk. After a flush that failed, the
 * system takes what was to be flushed for clean: it can be read, will never be written, and no later flush of the
 * log says so. Whoever opened the store next would find the commit in the log, and lose all that came after it
 * when the power goes. So the log is emptied into the database, without that commit, before anybody is told.
 */
export function abandonCommit(database: Database.Database): void {
  try {
    if (database.inTransaction) database.exec("ROLLBACK");
    // Whoever else uses the log now does not see the commit either, and will write over it.
    database.pragma("busy_timeout = 0");
    database.pragma("wal_checkpoint(TRUNCATE)");
  } catch (error) {
    // The disk may still fail. What was flushed before stays as it is, and that the outcome is unknown is told.
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}
