import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { applicationId } from "../../../src/engines/sqlite/connect.js";
import { migrations } from "../../../src/engines/sqlite/migrations.generated.js";
import { type Context, openStore } from "../../../src/index.js";
import type { Acknowledgement } from "../assignment.js";
import { makeLongPast } from "./pruning.js";

/** What lies in the folder in which stores as a whole are dealt with. */
export const files = {
  store: "runs.db",
  old: "old.db",
  left: "left.db",
  saved: "saved.jsonl",
  incoming: "incoming.jsonl",
} as const;

export const secret = "the-secret-that-must-go";

/** Fills a folder with a store that has some history, an older one, and export files; gives the heads. */
export function makeActStore(folder: string): readonly Acknowledgement[] {
  mkdirSync(folder, { recursive: true });
  using store = openStore(join(folder, files.store));
  const plan = store.context("plan", { initial: { step: 0 } });
  for (let step = 1; step <= 25; step += 1) {
    plan.set("step", step);
    plan.set(`note ${step % 6}`, { step, text: "n".repeat(step * 40) });
    if (step % 8 === 0) plan.snapshot(`step ${step}`);
  }
  plan.fork("plan again", { at: 9 }).set("step", -1);
  fill(store.context("gone"), "g");
  const secrets = store.context("secrets");
  makeLongPast(store, folder);
  for (let turn = 1; turn <= 4; turn += 1) secrets.set("token", `${secret} ${turn}`);
  store.save(join(folder, files.incoming), ["plan"]);
  writeFileSync(join(folder, files.saved), "an older file\n");
  makeIncoming(join(folder, files.incoming), folder);
  makeOld(join(folder, files.old), join(folder, files.store));
  return store.contexts().map(({ id }) => headOf(store.context(id)));
}

/** Writes what is then only in the log, and dies; for a process of its own. */
export function leaveLog(folder: string): void {
  const store = openStore(join(folder, files.left));
  store.context("plan").set("written last", true);
  process.kill(process.pid, "SIGKILL");
}

function makeIncoming(file: string, folder: string): void {
  using other = openStore(join(folder, "other.db"));
  for (const id of ["incoming 1", "incoming 2"]) fill(other.context(id), id);
  other.save(file);
}

/** A store as the first releases made it, with the same events. */
function makeOld(path: string, from: string): void {
  const known = migrations.slice(0, 3);
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma(`application_id = ${applicationId}`);
  database.exec(known.map(({ sql }) => sql).join("\n"));
  const applied = database.prepare("INSERT INTO migrations_applied (tag, hash, applied_at) VALUES (?, ?, 0)");
  for (const { tag, hash } of known) applied.run(tag, hash);
  database.exec(`ATTACH '${from}' AS newer`);
  for (const table of ["contexts", "events", "current_keys", "key_changes", "phases", "receipts"]) {
    const columns = database
      .prepare<[string], string>("SELECT name FROM pragma_table_info(?, 'main')")
      .pluck()
      .all(table)
      .map((name) => `"${name}"`)
      .join(", ");
    database.exec(`INSERT OR IGNORE INTO main.${table} (${columns}) SELECT ${columns} FROM newer.${table}`);
  }
  database.pragma(`user_version = ${known.length}`);
  database.close();
}

function fill(context: Context, text: string): void {
  for (let turn = 1; turn <= 12; turn += 1) context.set(`${text} ${turn % 5}`, text.repeat(turn * 9));
}

function headOf(context: Context): Acknowledgement {
  const { sequence, hash } = context.head();
  return { context: context.id, sequence, hash };
}
