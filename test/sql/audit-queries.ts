/**
 * Questions of auditors with the queries that answer them. README quotes them; views.test.ts runs them.
 * CROSS JOIN makes SQLite read what stands on its left first, and so only the stretch of history it names.
 */
export interface AuditQuery {
  readonly question: string;
  readonly sql: string;
  /** What the answer costs where that is more than a few milliseconds at a million events. */
  readonly cost?: string;
}

export const auditQueries = [
  {
    question: "Who changed `plan` last?",
    sql: `SELECT sequence, at, actor, cause, operation
FROM key_history
WHERE context = 'run-42' AND key = 'plan'
ORDER BY sequence DESC LIMIT 1`,
  },
  {
    question: "What did the phase `research` write?",
    sql: `SELECT p.status, h.operation, h.key, h.value, h.actor
FROM phase_list AS p
CROSS JOIN history AS h ON h.context = p.context AND h.phase = p.phase
  AND h.sequence BETWEEN p.started_sequence AND coalesce(p.ended_sequence, 9e15)
WHERE p.context = 'run-42' AND p.name = 'research' AND h.scope IN ('persistent', 'ephemeral')`,
  },
  {
    question: "Which contexts hold the key `budget`, and what is its value?",
    sql: `SELECT context, value, changed_at
FROM current_state
WHERE key = 'budget'
ORDER BY context`,
  },
  {
    question: "What changed between two times?",
    sql: `SELECT h.at, h.actor, h.operation, h.key, h.value
FROM time_index AS t
CROSS JOIN history AS h ON h.context = t.context
  AND h.sequence BETWEEN t.first_sequence AND t.last_sequence
WHERE t.context = 'run-42' AND h.scope = 'persistent'
  AND t.last_at >= '2026-03-02T09:03' AND t.first_at < '2026-03-02T09:05'
  AND h.at >= '2026-03-02T09:03' AND h.at < '2026-03-02T09:05'
ORDER BY h.sequence`,
  },
  {
    question: "What was the value of `plan` before, at each of its last five changes?",
    sql: `SELECT sequence, at, actor, previous_value, value
FROM key_history
WHERE context = 'run-42' AND key = 'plan' AND scope = 'persistent'
ORDER BY sequence DESC LIMIT 5`,
  },
  {
    question: "What did the actor `writer` do last?",
    sql: `SELECT at, type, operation, key, value
FROM history
WHERE context = 'run-42' AND actor = 'writer'
ORDER BY sequence DESC LIMIT 20`,
    cost: "reads back from the newest event until it has found 20; an actor that did less than that costs the whole history of the context",
  },
  {
    question: "What happened last, in any context?",
    sql: `SELECT at, context, actor, type, operation, key, value, previous_value
FROM history
ORDER BY position DESC LIMIT 3`,
  },
  {
    question: "What does the plan say now, inside its JSON?",
    sql: `SELECT value ->> '$.steps[0]' AS first_step, json_array_length(value, '$.steps') AS steps
FROM current_state
WHERE context = 'run-42' AND key = 'plan'`,
  },
  {
    question: "Which keys are protected, by whom and since when?",
    sql: `SELECT key, has_value, actor, protected_at
FROM protection_list
WHERE context = 'run-42'`,
  },
  {
    question: "What does the change log say?",
    sql: `SELECT version, at, operation, details, actor
FROM change_log
WHERE context = 'run-42'
ORDER BY sequence`,
  },
  {
    question: "Which snapshots can be restored?",
    sql: `SELECT reason, version, taken_at, pinned, metadata
FROM snapshot_list
WHERE context = 'run-42'
ORDER BY sequence`,
  },
  {
    question: "Which contexts are there, and which changed last?",
    sql: `SELECT context, version, events, keys, changed_at, metadata
FROM context_list
ORDER BY changed_at DESC`,
  },
  {
    question: "How fast did it grow? (Every row is up to 1,000 events.)",
    sql: `SELECT first_at, last_at, last_sequence - first_sequence + 1 AS events
FROM time_index
WHERE context = 'run-42'`,
  },
] as const satisfies readonly AuditQuery[];

export type Question = (typeof auditQueries)[number]["question"];
