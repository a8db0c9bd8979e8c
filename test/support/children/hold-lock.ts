import Database from "better-sqlite3";

/** Holds the write lock of the database that the argument names until its input ends. */
const database = new Database(process.argv[2] ?? "", { fileMustExist: true });
database.exec("BEGIN IMMEDIATE");
process.stdout.write("locked\n");
process.stdin.on("end", () => {
  database.exec("ROLLBACK");
  database.close();
});
process.stdin.resume();
