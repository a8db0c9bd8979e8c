import { parsePayload } from "../../core/payload.js";
import type { Log } from "../../engines/engine.js";
import { type Program, wait } from "../../program/program.js";
import { lineOf, payloadsIn } from "../line.js";
import type { Hold, MergeMarks } from "./find-floor.js";

/** Finds what every context remembers of others that were merged into it: a next merge begins from there. */
export function* findMergeMarks(log: Log): Program<MergeMarks> {
  const marks = new Map<string, Hold[]>();
  for (const { context, name, keptSequence } of yield* wait(log.everyContext())) {
    if (keptSequence !== null) continue;
    const changes = yield* wait(log.keysAt(context, "merge", Number.MAX_SAFE_INTEGER));
    if (changes.length === 0) continue;
    const line = yield* lineOf(log, context);
    const wanted = new Map(changes.map(({ key, sequence }) => [`${sequence} ${key}`, key]));
    const sequences = [...new Set(changes.map(({ sequence }) => sequence))];
    for (const { sequence, payload } of yield* payloadsIn(log, line, sequences)) {
      for (const { scope, key, value } of parsePayload(payload, { context: name, sequence }).effects) {
        if (scope !== "merge" || !wanted.has(`${sequence} ${key}`)) continue;
        // Written by mergeContext, the only place that sets keys of this scope.
        const met = value as { readonly sequence: number };
        marks.set(key, [...(marks.get(key) ?? []), { by: "merge", id: name, sequence: met.sequence }]);
      }
    }
  }
  return marks;
}
