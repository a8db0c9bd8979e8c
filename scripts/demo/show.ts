import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Change, Context, Store } from "durable-context";
import { dim, print, table } from "./terminal.js";

/** Which process, in which run of the phase, found how much. */
const auditQuery = `SELECT k.actor, p.status, count(*) AS findings, min(k.at) AS first, max(k.at) AS last
   FROM key_history AS k JOIN phase_list AS p ON p.context = k.context AND p.phase = k.phase
   WHERE k.context = 'describe-repository' AND k.key GLOB 'finding:*'
   GROUP BY p.phase ORDER BY first`;
const phaseQuery = "SELECT name, status, started_at, ended_at FROM phase_list ORDER BY started_sequence";

/** Shows what a process left behind that could save nothing; gives the files it had finished. */
export function showStateAfterKill(store: Store): readonly string[] {
  const ctx = contextOf(store);
  ctx.refresh();
  const files = filesFound(ctx);
  print(
    `   killed; in the store: version ${ctx.version}, ${files.length} findings, progress ${JSON.stringify(ctx.get("progress"))}`,
  );
  return files;
}

/** Shows the state, the change log, the snapshots, the phases, an answer to a question in SQL, and the report. */
export function showHistory(store: Store, results: string): void {
  const ctx = contextOf(store);
  ctx.refresh();
  const values = Object.entries(ctx.data).filter(([key]) => !key.startsWith("finding:"));
  const files = filesFound(ctx);
  const state = [...values, [`finding:* (${files.length})`, ctx.get(`finding:${files[0] ?? ""}`)] as const];
  part(
    `State at version ${ctx.version}`,
    state.map(([key, value]) => ({ key, value: shortened(value) })),
  );
  part("Change log, the newest six of its 200 at most", ctx.changes().slice(-6).map(lineOf));
  part(
    "Snapshots, each of which can be restored",
    ctx
      .snapshots()
      .map(({ version, reason, takenAt }) => ({ version, reason, taken: new Date(takenAt).toISOString() })),
  );
  part("Phases; the first research has no end, since its process was killed", store.query(phaseQuery).rows);
  print(dim(`\n   ${auditQuery}`));
  print(table(store.query(auditQuery).rows));
  part("report.md", []);
  const report = readFileSync(join(results, "report.md"), "utf8").split("\n");
  print(
    report
      .slice(2, 8)
      .filter(Boolean)
      .map((line) => `   ${shortened(line)}`)
      .join("\n"),
  );
}

function part(heading: string, rows: readonly Readonly<Record<string, unknown>>[]): void {
  print(dim(`\n   ${heading}`));
  if (rows.length > 0) print(table(rows));
}

function lineOf({ version, operation, details, actor }: Change): Readonly<Record<string, unknown>> {
  const { key, name, keysMerged } = details;
  const what = key ?? (name === undefined ? details : { phase: name, keysMerged });
  return { version, operation, what: shortened(what), actor };
}

/** The context of the orchestration. */
export function contextOf(store: Store): Context {
  const ctx = store.find("describe-repository");
  if (ctx === undefined) throw new Error("The orchestration left no context.");
  return ctx;
}

/** The files that have a finding. */
export function filesFound(ctx: Context): readonly string[] {
  return Object.keys(ctx.persistent).flatMap((key) =>
    key.startsWith("finding:") ? [key.slice("finding:".length)] : [],
  );
}

function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 70 ? text : `${text.slice(0, 69)}…`;
}
