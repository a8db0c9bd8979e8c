import { type Command, Option } from "commander";
import type { QueryResult } from "../../index.js";
import type { Cli } from "../cli.js";
import { writeGuide } from "../command-guide.js";
import { toCsv } from "../delimited.js";
import { readText } from "../value-input.js";

interface Flags {
  readonly csv?: true;
  readonly csvSafe?: true;
  readonly jsonl?: true;
}

/** Adds `sql`, which asks the store in SQL. */
export function addSql(program: Command, cli: Cli): void {
  program
    .command("sql")
    .description("ask in SQL, read-only")
    .argument("<query>", "the query; - reads it from stdin")
    .addOption(
      new Option("--csv", "answer as CSV (RFC 4180), values exactly as they are").conflicts([
        "jsonl",
        "json",
      ]),
    )
    .addOption(
      new Option(
        "--csv-safe",
        "CSV for spreadsheets: an apostrophe goes before what would run as a formula",
      ).conflicts(["csv", "jsonl", "json"]),
    )
    .addOption(new Option("--jsonl", "answer with one JSON object a row").conflicts("json"))
    .addHelpText(
      "after",
      writeGuide({
        notes: [
          "Views to ask: current_state, change_log, history, key_history, snapshot_list, context_list.",
          "Blobs are written as x'00ff'; NULL is empty in tables and CSV.",
        ],
        examples: [
          `sql "SELECT at, actor, value FROM key_history WHERE context = 'run-42' AND key = 'plan'"`,
        ],
        json: '"columns": [], "rows": [{}]',
      }),
    )
    .action((query: string, flags: Flags) => ask(cli, query, flags));
}

async function ask(cli: Cli, query: string, flags: Flags): Promise<void> {
  const sql = await readText(cli.io, query);
  const { columns, rows } = await cli.withStore((store) => store.query(sql));
  const { output } = cli;
  if (cli.wantsJson) return output.document("sql", { columns, rows: rows.map((row) => treeOf(cli, row)) });
  if (flags.jsonl === true) {
    for (const row of rows) await output.json(JSON.stringify(treeOf(cli, row)));
    return;
  }
  const cells = rows.map((row) => columns.map((column) => cellOf(row[column])));
  if (flags.csv === true || flags.csvSafe === true) {
    return output.data(toCsv([columns, ...cells], { isSafe: flags.csvSafe === true }));
  }
  await output.table(
    columns.map((title) => ({ title, align: isNumeric(rows, title) ? "right" : "left" })),
    cells,
  );
}

type Row = QueryResult["rows"][number];

/** Columns keep their order, and what JSON lacks (large integers, blobs, infinities) is tagged. */
function treeOf(cli: Cli, row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, cli.treeOf(plainBytes(value))]),
  );
}

/** A driver's Buffer is a window on shared memory; a plain array of its bytes is what it means. */
function plainBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}

/** What a cell can be is what SQLite has: null, number, large integer, text, blob. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  if (Object.is(value, -0)) return "-0";
  return typeof value === "string" ? value : `${value as number | bigint}`;
}

function isNumeric(rows: readonly Row[], column: string): boolean {
  return rows.every((row) => ["number", "bigint"].includes(typeof row[column]) || row[column] === null);
}
