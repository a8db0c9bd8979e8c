import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { moveLargeValues } from "../../../src/engines/sqlite/move-large-values.js";
import { currentCheck, placeCheck } from "../../../src/engines/sqlite/row-check.js";
import type { CurrentRow } from "../../../src/engines/engine.js";
import { openSqliteStore } from "../../support/each-engine.js";
import { temporaryFolder } from "../../support/sqlite-files.js";

it("takes large values out of their rows, as this release would have written them, and leaves the others", () => {
  const file = join(temporaryFolder(), "store.db");
  const large = "é".repeat(5_000);
  const store = openSqliteStore(file);
  const ctx = store.context("run", { initial: { large, small: 1 } });
  ctx.setEphemeral("scratch", large);
  store.close();
  const database = new Database(file);
  const rows = () => database.prepare("SELECT * FROM current_keys ORDER BY scope, key").all();
  const written = rows();

  // As an older release left them: with the value in the row.
  const text = JSON.stringify(large);
  const present = database.prepare<[], CurrentRow & { context: number }>(
    "SELECT *, changed_at AS changedAt FROM current_keys WHERE bytes IS NOT NULL",
  );
  for (const row of present.all()) {
    const check = currentCheck(row.context, { ...row, value: text, bytes: null }, placeCheck(row));
    database
      .prepare("UPDATE current_keys SET value = ?, bytes = NULL, row_check = ? WHERE scope = ? AND key = ?")
      .run(text, check, row.scope, row.key);
  }
  expect(rows()).not.toEqual(written);
  moveLargeValues(database);

  expect(rows()).toEqual(written);
  database.close();
  const again = openSqliteStore(file);
  expect(again.context("run").get("large")).toBe(large);
  expect(again.verify().faults).toEqual([]);
});
