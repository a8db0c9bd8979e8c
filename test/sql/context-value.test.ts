import { join } from "node:path";
import { expect, it } from "vitest";
import { openSqliteStore } from "../support/each-engine.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A store in which a list of lines grows, mostly by changes. */
function recorded() {
  const store = openSqliteStore(join(temporaryFolder(), "store.db"));
  const ctx = store.context("run", { initial: { lines: [] as string[], at: new Date(0), none: null } });
  for (let line = 1; line <= 20; line += 1)
    ctx.edit("lines", (lines) => void (lines as string[]).push(`line ${line} `.padEnd(1_000, "·")));
  const ask = (sql: string, ...parameters: unknown[]) => store.query(sql, parameters).rows;
  return { store, ctx, ask };
}

it("gives the value of a key at a version, however it stands in the log", () => {
  const { ctx, ask } = recorded();
  const rows = ask(
    "SELECT version, context_value(context, key, version) AS value FROM history WHERE type = 'value_edited' ORDER BY version",
  );

  expect(rows.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual(
    rows.map(({ version }) => ctx.at(Number(version)).get("lines")),
  );
});

it("gives the present value without a version, of either scope, with tags for what JSON lacks", () => {
  const { ctx, ask } = recorded();
  ctx.setEphemeral("scratch", { of: "now" });
  const value = (key: string) => ask("SELECT context_value('run', ?) AS value", key)[0]?.value;

  expect(JSON.parse(String(value("lines")))).toHaveLength(20);
  expect(JSON.parse(String(value("at")))).toMatchObject({ $type: "date" });
  expect([value("scratch"), value("none"), value("nothing")]).toEqual(['{"of":"now"}', "null", null]);
  expect(
    ask("SELECT context_value('no run', 'lines') AS value, context_value('run', 'lines', 99) AS late"),
  ).toEqual([{ value: null, late: null }]);
  expect(
    ask("SELECT json_extract(context_value('run', 'lines', 3), '$[2]') LIKE 'line 3 %' AS fits"),
  ).toEqual([{ fits: 1 }]);
});

it("reads through forks to what they were forked from", () => {
  const { ctx, ask } = recorded();
  const twin = ctx.fork("twin", { at: 7 });
  twin.edit("lines", (lines) => void (lines as string[]).push("one more"));

  expect(
    ask(
      "SELECT json_array_length(context_value('twin', 'lines', 5)) AS five, json_array_length(context_value('twin', 'lines')) AS now",
    ),
  ).toEqual([{ five: 5, now: 8 }]);
});

it("is told apart from a query that is wrong", async () => {
  const { store } = recorded();

  expect((await refusalOf(() => store.query("SELECT context_value(1, 2, 3, 4)"))).code).toBe("QUERY_FAILED");
});

it("is what the views leave out where only the change of a value is stored", () => {
  const { ask } = recorded();
  const rows = ask("SELECT value, patch, operation FROM history WHERE key = 'lines' ORDER BY sequence");

  expect(
    rows.every(({ value, patch, operation }) => operation === "set" && (value === null) !== (patch === null)),
  ).toBe(true);
  const patches = rows.flatMap(({ patch }) =>
    typeof patch === "string" ? [JSON.parse(patch) as unknown] : [],
  );
  expect(patches.length).toBeGreaterThan(10);
  expect(patches.at(-1)).toMatchObject({ edits: [{ at: [], from: 19, remove: 0 }] });
  const [state] = ask("SELECT value, bytes FROM current_state WHERE key = 'lines'");
  expect(state?.value).toBeNull();
  expect(Number(state?.bytes)).toBeGreaterThan(20_000);
});
