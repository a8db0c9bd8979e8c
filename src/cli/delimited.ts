/** Writes rows as TSV: one line a row, without titles; cells have been made safe for one line. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join("\t")}\n`).join("");
}

/** Writes rows as CSV by RFC 4180, exactly; `isSafe` puts an apostrophe before what a spreadsheet would run. */
export function toCsv(rows: readonly (readonly string[])[], { isSafe }: { isSafe: boolean }): string {
  const guard = (cell: string) => (isSafe && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
  return rows.map((row) => `${row.map((cell) => quoteCell(guard(cell))).join(",")}\r\n`).join("");
}

function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
