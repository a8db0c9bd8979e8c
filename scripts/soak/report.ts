import { formatTable } from "../bench/table.js";
import { holds, type Row } from "./part.js";

/** A row as it went into the report, or the reason why a part has none. */
export type Entry =
  | { readonly part: string; readonly row: Row; readonly seconds: number }
  | { readonly part: string; readonly skipped: string };

/** The table of a run, and below it what did not hold and what was not run. */
export function formatReport(title: string, entries: readonly Entry[]): string {
  const table = formatTable({
    title,
    columns: ["what", "how many", "lost", "undetected", "seconds", "verdict"],
    rows: entries.map(cells),
  });
  const failures = entries.flatMap((entry) =>
    "row" in entry ? entry.row.failures.map((failure) => `${entry.part}: ${failure}`) : [],
  );
  const notes = entries.flatMap((entry) =>
    "row" in entry && entry.row.note !== undefined ? [`${entry.row.what}: ${entry.row.note}`] : [],
  );
  const skipped = entries.flatMap((entry) =>
    "skipped" in entry ? [`SKIPPED ${entry.part}: ${entry.skipped}`] : [],
  );
  return [table, ...notes, ...failures.slice(0, mostFailures), ...skipped].join("\n");
}

/** How many checks held, did not, and were not run. */
export function countEntries(entries: readonly Entry[]): { passed: number; failed: number; skipped: number } {
  const rows = entries.flatMap((entry) => ("row" in entry ? [entry.row] : []));
  const passed = rows.filter(holds).length;
  return { passed, failed: rows.length - passed, skipped: entries.length - rows.length };
}

/** More of the same would only hide the first ones. */
const mostFailures = 50;

function cells(entry: Entry): readonly string[] {
  if ("skipped" in entry) return [entry.part, "", "", "", "", "SKIPPED"];
  const { row, seconds } = entry;
  const verdict = holds(row) ? "held" : row.isControl === true ? "PROVES NOTHING" : "BROKEN";
  return [
    row.isControl === true ? `${row.what} (control: must lose)` : row.what,
    `${row.trials.toLocaleString("en")} ${row.unit}`,
    row.lost.toLocaleString("en"),
    row.undetected.toLocaleString("en"),
    seconds.toFixed(0),
    verdict,
  ];
}
