import { type Fragment, render, safeText } from "./styled-text.js";
import { displayWidth } from "./terminal-text.js";

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** No column is cut below this width. */
const narrowest = 12;
const gap = "  ";

/** Lays rows out for a terminal: aligned, and cut to its width where they are wider. */
export function alignRows(
  columns: readonly Column[],
  rows: readonly (readonly Fragment[])[],
  { hasColor, width }: { hasColor: boolean; width: number },
): string {
  const titles = columns.map(({ title }): Fragment => ({ text: title, style: "dim" }));
  const shown = [titles, ...rows];
  const widths = fit(
    columns.map((_, index) =>
      shown.reduce((most, row) => Math.max(most, displayWidth(safeText(row[index] ?? ""))), 0),
    ),
    width,
  );
  const toLine = (row: readonly Fragment[]) =>
    columns
      .map(({ align = "left" }, index) =>
        render(row[index] ?? "", { hasColor, width: widths[index] ?? 0, align }),
      )
      .join(gap)
      .trimEnd();
  return shown.map((row) => `${toLine(row)}\n`).join("");
}

/** Takes from the widest column until all fit, or none can give more. */
function fit(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  for (;;) {
    const excess = widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1)) - width;
    const widest = Math.max(...widths);
    if (excess <= 0 || widest <= narrowest) return widths;
    const second = Math.max(narrowest, ...widths.filter((each) => each < widest));
    widths[widths.indexOf(widest)] = Math.max(Math.min(second, widest - 1), widest - excess);
  }
}
