import { spawnSync } from "node:child_process";
import Database from "better-sqlite3";
import { auditQueries } from "../../test/sql/audit-queries.js";
import { storeOfContexts, storeOfEvents } from "./large-stores.js";
import { median, timeOf } from "./measure.js";
import type { Table } from "./table.js";

/** The documented audit queries, on a context with a million events and on a store with 10,000 contexts. */
export async function views(): Promise<Table> {
  const large = await storeOfEvents(1_000_000);
  const many = await storeOfContexts(10_000);
  const shell = shellVersion();
  return {
    title: "views: the audit queries, in ms",
    columns: [
      "",
      "1,000,000 events",
      "rows",
      ...(shell === undefined ? [] : [`sqlite3 ${shell}`]),
      "10,000 contexts",
      "rows",
    ],
    rows: auditQueries.map(({ question, sql }) => {
      const [inLarge, inMany] = [askDriver(large, sql), askDriver(many, sql)];
      return [
        question,
        inLarge.ms.toFixed(2),
        String(inLarge.rows),
        ...(shell === undefined ? [] : [askShell(large, sql).toFixed(0)]),
        inMany.ms.toFixed(2),
        String(inMany.rows),
      ];
    }),
  };
}

function askDriver(file: string, sql: string): { ms: number; rows: number } {
  const database = new Database(file, { readonly: true });
  database.pragma("trusted_schema = OFF");
  const statement = database.prepare(sql);
  const rows = statement.all().length;
  const ms = median(Array.from({ length: 9 }, () => timeOf(() => statement.all())));
  database.close();
  return { ms, rows };
}

/** The shell's own timer, which leaves out its start; the first of four answers warms up. */
function askShell(file: string, sql: string): number {
  const { stdout } = spawnSync("sqlite3", ["-readonly", file], {
    input: `.timer on\n${`${sql};\n`.repeat(4)}`,
    encoding: "utf8",
  });
  const times = [...stdout.matchAll(/^Run Time: real ([\d.]+)/gm)].map(
    ([, seconds]) => Number(seconds) * 1000,
  );
  return median(times.slice(1));
}

function shellVersion(): string | undefined {
  const { status, stdout } = spawnSync("sqlite3", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split(" ")[0] : undefined;
}
