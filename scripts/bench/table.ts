import { type Finding, verdict } from "./finding.js";

/** A topic's findings; a cell that names a goal it misses says so. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the README's table takes from it. */
  readonly findings?: readonly Finding[];
}

export function formatTable({ title, columns, rows, findings = [] }: Table): string {
  const widths = columns.map((column, place) =>
    Math.max(column.length, ...rows.map((row) => row[place]?.length ?? 0)),
  );
  // The first column names what was measured; numbers stand to the right.
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, place) => (place === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[place] ?? 0)))
      .join("  ")
      .trimEnd();
  const goals = findings.map((finding) => `${finding.work}: ${verdict(finding)}`);
  return [
    title,
    line(columns),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
    ...goals,
  ].join("\n");
}

/** A ratio with its goal, and whether it was met. */
export function ratio(value: number, goal: number): string {
  return `${value.toFixed(2)}x of ${goal}x${value <= goal ? "" : " MISSED"}`;
}

/** A time in ms with its goal, and whether it was met. */
export function withinMs(value: number, goal: number): string {
  return `${value.toFixed(2)} of ${goal}${value <= goal ? "" : " MISSED"}`;
}

export function perSecond(ms: number, operations: number): string {
  return Math.round((operations / ms) * 1000).toLocaleString("en");
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}
