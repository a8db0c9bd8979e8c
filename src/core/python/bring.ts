import { deletions } from "../commands/command.js";
import type { DraftEffect } from "../event.js";
import type { State } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Drafts } from "./dated-draft.js";
import type { ImportedValue } from "./imported-values.js";

/** About how many bytes of values one event gets, so that a context of hundreds of megabytes is not written at once. */
const mostBytesAtOnce = 2 ** 23;

/** Brings the keys of a scope to what they are to be, by as many events as that takes; gives the state after them. */
export function* bring(
  before: State,
  scope: "persistent" | "ephemeral",
  target: ReadonlyMap<string, ImportedValue>,
  when: { readonly at: number; readonly version: number },
): Drafts<State> {
  const present = before.scopes[scope];
  const draft = (effects: readonly DraftEffect[]) => ({
    ...when,
    type: "values_imported" as const,
    effects,
    details: { scope, keys: effects.map(({ key }) => key) },
  });
  let state = before;
  let effects = deletions(
    scope,
    [...present.keys()].filter((key) => !target.has(key)),
  );
  let bytes = 0;
  for (const [key, { taken, size }] of target) {
    const entry = present.get(key);
    if (entry !== undefined && equalValues(entry.value, taken.value)) continue;
    effects.push({ op: "set", scope, key, held: taken });
    bytes += size;
    if (bytes < mostBytesAtOnce) continue;
    state = yield draft(effects);
    [effects, bytes] = [[], 0];
  }
  return effects.length > 0 ? yield draft(effects) : state;
}
