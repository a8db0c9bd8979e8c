import Database from "better-sqlite3";

/**
 * Holds a lock of the database that the first argument names: the write lock, or by the second argument
 * ("exclusive") one that keeps readers out, too. Until its input ends, or for the ms of the third argument.
 */
const [path = "", kind = "write", ms] = process.argv.slice(2);
const database = new Database(path, { fileMustExist: true });
if (kind === "exclusive") database.pragma("locking_mode = EXCLUSIVE");
database.exec("BEGIN IMMEDIATE");
process.stdout.write("locked\n");
if (ms !== undefined) setTimeout(release, Number(ms));
process.stdin.on("end", release);
process.stdin.resume();

function release(): void {
  process.stdin.destroy();
  if (database.inTransaction) database.exec("ROLLBACK");
  database.close();
}
