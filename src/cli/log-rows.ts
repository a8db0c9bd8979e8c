import type { Fragment } from "./styled-text.js";
import { isoTime } from "./iso-time.js";
import type { Output } from "./output.js";
import { quoteKey } from "./terminal-text.js";

/** One line of a log. */
export interface LogRow {
  readonly sequence: number;
  readonly version: number;
  readonly at: number;
  /** What happened: the type of an event, or the operation of a change. */
  readonly what: string;
  readonly keys: readonly string[];
  readonly actor: string | null;
  readonly phase: string | null;
}

/** The columns of a log. */
export const logColumns = ["SEQUENCE", "VERSION", "TIME", "WHAT", "KEYS", "ACTOR", "PHASE"].map((title) => ({
  title,
}));

/** Writes lines of a log: aligned for a person without knowing what comes next, TSV elsewhere. */
export async function writeLogRows(output: Output, rows: readonly LogRow[]): Promise<void> {
  if (!output.isTerminal) return output.table(logColumns, rows.map(cellsOf));
  for (const row of rows) await output.line(...fragmentsOf(row));
}

/** A line's cells, for a table. */
export function cellsOf({ sequence, version, at, what, keys, actor, phase }: LogRow): Fragment[] {
  return [
    { text: String(sequence), style: "yellow" },
    String(version),
    { text: isoTime(at), style: "dim" },
    { text: what, style: "bold" },
    { text: keys.map(quoteKey).join(","), style: "cyan" },
    actor ?? "",
    phase ?? "",
  ];
}

/** A line's parts, for a person. */
export function fragmentsOf({ sequence, version, at, what, keys, actor, phase }: LogRow): Fragment[] {
  return [
    { text: `#${sequence}`.padEnd(6), style: "yellow" },
    `@${version}`.padEnd(6),
    { text: `${isoTime(at)}  `, style: "dim" },
    { text: what.padEnd(17), style: "bold" },
    keys.length === 0 ? "" : { text: ` ${keys.map(quoteKey).join(",")}`, style: "cyan" },
    actor === null ? "" : `  by ${actor}`,
    phase === null ? "" : `  in ${phase}`,
  ];
}
