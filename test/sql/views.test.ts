import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../support/each-engine.js";
import { temporaryFolder } from "../support/sqlite-files.js";
import { auditQueries, type Question } from "./audit-queries.js";
import { type RecordedRun, recordRun } from "./recorded-run.js";

type Rows = readonly Readonly<Record<string, unknown>>[];

const at = (minute: number) => `2026-03-02T09:0${minute}:00.000Z`;
const json = (value: unknown) => JSON.stringify(value);

/** What the recorded run answers to each question; asymmetric matchers stand for what chance decides. */
const answers: Readonly<Record<Question, Rows>> = {
  "Who changed `plan` last?": [
    { sequence: 11, at: at(7), actor: "writer", cause: "run-42#10", operation: "set" },
  ],
  "What did the phase `research` write?": [
    { status: "finished", operation: "set", key: "budget", value: "60", actor: "researcher" },
    { status: "finished", operation: "set", key: "notes", value: json(["found"]), actor: "researcher" },
  ],
  "Which contexts hold the key `budget`, and what is its value?": [
    { context: "run-42", value: "60", changed_at: at(5) },
    { context: "run-43", value: "8", changed_at: at(9) },
  ],
  "What changed between two times?": [
    { at: at(3), actor: "planner", operation: "set", key: "budget", value: "100" },
    { at: at(4), actor: "planner", operation: "set", key: "plan", value: json({ steps: ["read", "write"] }) },
  ],
  "What was the value of `plan` before, at each of its last five changes?": [
    { sequence: 11, at: at(7), actor: "writer", previous_value: null, value: json({ steps: ["write"] }) },
    {
      sequence: 10,
      at: at(6),
      actor: "writer",
      previous_value: json({ steps: ["read", "write"] }),
      value: null,
    },
    {
      sequence: 5,
      at: at(4),
      actor: "planner",
      previous_value: json({ steps: ["read"] }),
      value: json({ steps: ["read", "write"] }),
    },
    { sequence: 2, at: at(1), actor: "planner", previous_value: null, value: json({ steps: ["read"] }) },
  ],
  "What did the actor `writer` do last?": [
    { at: at(7), type: "value_set", operation: "set", key: "plan", value: json({ steps: ["write"] }) },
    { at: at(6), type: "value_deleted", operation: "delete", key: "plan", value: null },
  ],
  "What happened last, in any context?": [
    {
      at: at(9),
      context: "run-43",
      actor: null,
      type: "value_set",
      operation: "set",
      key: "budget",
      value: "8",
      previous_value: "7",
    },
    ...Array<unknown>(2).fill(expect.objectContaining({ context: "run-43", type: "context_created" })),
  ] as Rows,
  "What does the plan say now, inside its JSON?": [{ first_step: "write", steps: 1 }],
  "Which keys are protected, by whom and since when?": [
    { key: "goal", has_value: 1, actor: "owner", protected_at: at(2) },
    ...["initial_task", "run_id", "session_id", "workflow_id"].map((key) => {
      return { key, has_value: 0, actor: "owner", protected_at: at(0) };
    }),
  ],
  "What does the change log say?": [
    { version: 0, at: at(0), operation: "initialize", details: json({ keys: ["goal"] }), actor: "owner" },
    set({ version: 1, minute: 1, actor: "planner", key: "plan", hadPrevious: false }),
    { version: 1, at: at(2), operation: "protect", details: json({ key: "goal" }), actor: "owner" },
    set({ version: 2, minute: 3, actor: "planner", key: "budget", hadPrevious: false }),
    set({ version: 3, minute: 4, actor: "planner", key: "plan", hadPrevious: true }),
    {
      version: 4,
      at: at(5),
      operation: "merge",
      // A value of this kind stands for any text that contains it.
      details: expect.stringContaining('"name":"research"') as unknown,
      actor: "researcher",
    },
    { version: 5, at: at(6), operation: "delete", details: json({ key: "plan" }), actor: "writer" },
    set({ version: 6, minute: 7, actor: "writer", key: "plan", hadPrevious: false }),
  ],
  "Which snapshots can be restored?": [
    {
      reason: "before_research_phase",
      version: 3,
      taken_at: at(5),
      pinned: 0,
      metadata: json({ phase: "research" }),
    },
    {
      reason: "after_research_phase",
      version: 4,
      taken_at: at(5),
      pinned: 0,
      metadata: json({ phase: "research" }),
    },
  ],
  "Which contexts are there, and which changed last?": [
    {
      context: "run-43",
      version: 1,
      events: 2,
      keys: 1,
      changed_at: at(9),
      metadata: json({ owner: "ann" }),
    },
    { context: "run-42", version: 6, events: 11, keys: 4, changed_at: at(7), metadata: "{}" },
  ],
  "How fast did it grow? (Every row is up to 1,000 events.)": [
    { first_at: at(0), last_at: at(7), events: 11 },
  ],
};

describe("an audit query", () => {
  it.for(auditQueries)("answers through the store: $question", async ({ question, sql }) => {
    const { store } = await recordRun();

    const { rows } = store.query(sql);

    expect(rows).toEqual(answers[question]);
  });

  it.for(auditQueries)(
    "answers in the plain shell while a program has the store open: $question",
    async ({ question, sql }, { skip }) => {
      skip(!hasShell(), "SKIPPED: there is no sqlite3 shell with JSON output on this machine");
      const { file } = await recordRun();

      const rows = askShell(file, sql);

      expect(rows).toEqual(answers[question]);
    },
  );

  it("sees in the shell what the program has written since", async ({ skip }) => {
    skip(!hasShell(), "SKIPPED: there is no sqlite3 shell with JSON output on this machine");
    const { store, file } = await recordRun();
    askShell(file, "SELECT count(*) FROM history");

    store.context("run-42").set("late", true);

    const rows = askShell(file, "SELECT value FROM current_state WHERE context = 'run-42' AND key = 'late'");
    expect(rows).toEqual([{ value: "true" }]);
  });
});

describe("snapshot_list", () => {
  it("shows which snapshots are pinned, and how many bytes they mark", () => {
    const store = openSqliteStore(join(temporaryFolder(), "runs.db"));
    const ctx = store.context("run", { initial: { text: "ten bytes" } });
    ctx.snapshot("kept", { pin: true });
    ctx.snapshot("other");

    expect(store.query("SELECT reason, pinned, bytes FROM snapshot_list ORDER BY sequence").rows).toEqual([
      { reason: "kept", pinned: 1, bytes: 11 },
      { reason: "other", pinned: 0, bytes: 11 },
    ]);
  });
});

describe("the plan of an audit query", () => {
  /** Tables that are read from end to end, because the question is about all contexts. */
  const wholeTables: Partial<Record<Question, readonly string[]>> = {
    "Which contexts hold the key `budget`, and what is its value?": ["c"],
    // Read from the newest event backwards, no further than the limit.
    "What happened last, in any context?": ["e"],
  };
  /** Answers that are put in order after they are found: none of them grows with the history. */
  const sorted = new Set<Question>([
    "What changed between two times?",
    "Which snapshots can be restored?",
    "Which contexts are there, and which changed last?",
  ]);

  it.for(auditQueries)("reads no table from end to end: $question", async ({ question, sql }) => {
    const { store } = await recordRun();

    const plan = planOf(store, sql);

    expect(plan.flatMap((step) => /^SCAN (\w+)/.exec(step)?.[1] ?? [])).toEqual(wholeTables[question] ?? []);
  });

  it.for(auditQueries)("sorts nothing that grows with the history: $question", async ({ question, sql }) => {
    const { store } = await recordRun();

    const sorts = planOf(store, sql).filter((step) => step.includes("TEMP B-TREE"));

    expect(sorts.length > 0).toBe(sorted.has(question));
  });
});

function set(change: { version: number; minute: number; actor: string; key: string; hadPrevious: boolean }) {
  const { version, minute, actor, key, hadPrevious } = change;
  const details = json({ key, hadPrevious, protected: false });
  return { version, at: at(minute), operation: "set", details, actor };
}

/** Steps that read a table; those over values in hand are left out. */
function planOf(store: RecordedRun["store"], sql: string): string[] {
  const steps = store.query(`EXPLAIN QUERY PLAN ${sql}`).rows.map(({ detail }) => String(detail));
  return steps.filter((step) => !/^SCAN (CONSTANT ROW|span|\w+ VIRTUAL TABLE)/.test(step));
}

function hasShell(): boolean {
  const { status } = spawnSync("sqlite3", ["-json", ":memory:", "SELECT '{}' ->> '$'"]);
  return status === 0;
}

function askShell(file: string, sql: string): unknown {
  const { status, stdout, stderr } = spawnSync("sqlite3", ["-readonly", "-json", file, sql], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout === "" ? [] : JSON.parse(stdout);
}
