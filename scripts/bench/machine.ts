import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import Database from "better-sqlite3";

/** Says on what the numbers were measured. */
export function describeMachine(): string {
  const processors = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(1);
  // A package.json, whose version every package has.
  const { version } = createRequire(import.meta.url)("better-sqlite3/package.json") as { version: string };
  const database = new Database(":memory:");
  const sqlite = String(database.prepare("SELECT sqlite_version()").pluck().get());
  database.close();
  return [
    `${processors.length} x ${processors[0]?.model.trim() ?? "unknown processor"}, ${gigabytes} GB, ${process.platform} ${process.arch}`,
    `Node ${process.versions.node}, better-sqlite3 ${version}, SQLite ${sqlite}; WAL, file cache warm`,
  ].join("\n");
}
