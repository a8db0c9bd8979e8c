/** Prints a line or several. */
export function print(text: string): void {
  console.log(text);
}

/** Makes a heading stand out, on a terminal that wants it. */
export function bold(text: string): string {
  return hasColours() ? `\n\u001b[1m${text}\u001b[0m` : `\n${text}`;
}

/** Makes less of what is only there for completeness. */
export function dim(text: string): string {
  return hasColours() ? `\u001b[2m${text}\u001b[0m` : text;
}

/** Rows in columns as wide as their widest text, below their names. */
export function table(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const texts = rows.map((row) => names.map((name) => text(row[name])));
  const widths = names.map((name, column) =>
    Math.max(name.length, ...texts.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `   ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  return [dim(line(names)), ...texts.map(line)].join("\n");
}

function text(cell: unknown): string {
  if (typeof cell === "string") return cell;
  return cell === null || cell === undefined ? "-" : JSON.stringify(cell);
}

function hasColours(): boolean {
  return process.stdout.isTTY && process.env.NO_COLOR === undefined;
}
