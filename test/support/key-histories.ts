import fc from "fast-check";
import type { Scope } from "../../src/core/event.js";
import type { WritableLog } from "../../src/engines/engine.js";
import { type Program, wait } from "../../src/program/program.js";
import { project, type ProjectedEffect } from "../../src/projections/project.js";
import type { RowWrite } from "../../src/projections/rows.js";
import { eventRecord } from "./event-records.js";

/** Events from #2 on, with the rows that the real projections make of them. */
export type History = readonly { readonly sequence: number; readonly rows: readonly RowWrite[] }[];

const keyArbitrary = fc.constantFrom("a", "b", "aa", "", "😀", "\uffee", "__proto__");

const effectArbitrary: fc.Arbitrary<ProjectedEffect> = fc.oneof(
  fc.record({
    op: fc.constantFrom("set" as const, "delete" as const),
    scope: fc.constantFrom<Scope>("persistent", "ephemeral"),
    key: keyArbitrary,
    text: fc.json({ maxDepth: 1 }),
    bytes: fc.constant(1),
  }),
  fc.record({
    op: fc.constantFrom("protect" as const, "unprotect" as const),
    scope: fc.constant<Scope>("protection"),
    key: keyArbitrary,
    text: fc.constant(null),
    bytes: fc.constant(0),
  }),
);

const effectsArbitrary = fc.uniqueArray(effectArbitrary, {
  maxLength: 4,
  selector: ({ scope, key }) => `${scope}/${key}`,
});

/** Random histories: sets, deletions and protections, several in one event, keys coming back. */
export const historyArbitrary: fc.Arbitrary<History> = fc
  .array(effectsArbitrary, { maxLength: 25 })
  .map((events) => projectAll(events));

/** Appends a history to a context that has its first event. */
export function* writeHistory(log: WritableLog, context: number, history: History): Program<void> {
  for (const { sequence, rows } of history) {
    yield* wait(log.append(context, eventRecord(sequence), rows));
  }
}

function projectAll(events: readonly (readonly ProjectedEffect[])[]): History {
  const created = new Map<string, number>();
  return events.map((effects, index) => {
    const sequence = index + 2;
    const rows = project({
      header: eventRecord(sequence),
      effects,
      details: {},
      createdOf: (scope, key) => created.get(`${scope}/${key}`),
    });
    for (const row of rows) {
      if (row.table === "current") created.set(`${row.scope}/${row.key}`, row.created);
      if (row.table === "current-removal") created.delete(`${row.scope}/${row.key}`);
    }
    return { sequence, rows };
  });
}
