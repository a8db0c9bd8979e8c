import { join } from "node:path";
import { expect, it } from "vitest";
import type { Store } from "../../src/index.js";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** A run of three events that was forked after the second, with one change on either side of it. */
function recordFork(): Store {
  const store = openSqliteStore(join(temporaryFolder(), "runs.db"));
  const ctx = store.context("run", { initial: { plan: "a" }, protect: ["plan"] });
  ctx.set("budget", 10, { actor: "planner" });
  const twin = ctx.fork("twin", { actor: "owner" });
  ctx.set("budget", 0, { actor: "spender" });
  twin.set("budget", 20, { actor: "owner" });
  return store;
}

it("the view of the present tells who made what a fork inherited", () => {
  const { rows } = recordFork().query(
    "SELECT key, value, protected, actor FROM current_state WHERE context = 'twin' ORDER BY key",
  );

  expect(rows).toEqual([
    { key: "budget", value: "20", protected: 0, actor: "owner" },
    { key: "plan", value: '"a"', protected: 1, actor: null },
  ]);
});

it("the history of a key goes back to the parent's event that a fork began with", () => {
  const { rows } = recordFork().query(
    "SELECT sequence, actor, previous_value, value FROM key_history WHERE context = 'twin' AND key = 'budget' ORDER BY sequence",
  );

  expect(rows).toEqual([
    { sequence: 2, actor: "planner", previous_value: null, value: "10" },
    { sequence: 4, actor: "owner", previous_value: "10", value: "20" },
  ]);
});

it("a view names the ancestors, and the stretch of history that each gives", () => {
  const store = recordFork();
  const question = `SELECT h.sequence, h.context, h.type FROM lineage AS l
    CROSS JOIN history AS h ON h.context = l.ancestor AND h.sequence BETWEEN l.first_sequence AND l.last_sequence
    WHERE l.context = 'twin' AND (h.scope = 'persistent' OR h.type = 'context_forked' AND h.scope = 'context')
    ORDER BY h.sequence`;

  expect(store.query(question).rows).toEqual([
    { sequence: 1, context: "run", type: "context_created" },
    { sequence: 2, context: "run", type: "value_set" },
    { sequence: 3, context: "twin", type: "context_forked" },
    { sequence: 4, context: "twin", type: "value_set" },
  ]);
  store.delete("run", { forks: "keep" });
  expect(
    store.query("SELECT ancestor, first_sequence, last_sequence FROM lineage ORDER BY distance").rows,
  ).toEqual([
    { ancestor: "twin", first_sequence: 3, last_sequence: 4 },
    { ancestor: null, first_sequence: 1, last_sequence: 2 },
  ]);
});

it("a context that is kept for its forks is in no list", () => {
  const store = recordFork();
  store.delete("run", { forks: "keep" });

  for (const view of [
    "context_list",
    "change_log",
    "history",
    "key_history",
    "time_index",
    "protection_list",
  ]) {
    const { rows } = store.query(`SELECT DISTINCT context FROM ${view} WHERE context <> ''`);
    expect([view, rows]).toEqual([view, [{ context: "twin" }]]);
  }
  expect(store.query("SELECT context, parent, fork_sequence FROM context_list").rows).toEqual([
    { context: "twin", parent: null, fork_sequence: 2 },
  ]);
});

it("the change log tells of the fork, and the spans of time begin at it", () => {
  const store = recordFork();

  expect(
    store.query("SELECT operation, details ->> '$.parent' AS parent FROM change_log WHERE context = 'twin'")
      .rows,
  ).toEqual([
    { operation: "fork", parent: "run" },
    { operation: "set", parent: null },
  ]);
  expect(
    store.query("SELECT first_sequence, last_sequence FROM time_index WHERE context = 'twin'").rows,
  ).toEqual([{ first_sequence: 3, last_sequence: 4 }]);
});
