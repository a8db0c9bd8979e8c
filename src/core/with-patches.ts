import { type DraftEffect, type EventDraft, valueScopes } from "./event.js";
import { makePatch } from "./patch/make-patch.js";
import { patchCost } from "./payload.js";
import { costOfReading, type Entry, type State } from "./state.js";
import { ErasedValue } from "./value/erased.js";

/** Whether a change of a value is stored as such: where that pays, wherever it can be, or not at all. */
export const patchModes = ["auto", "always", "never"] as const;
export type PatchMode = (typeof patchModes)[number];

/** Smaller values stand whole in every event that sets them. */
export const largeBytes = 4096;

/**
 * The draft with the change in place of the new value wherever a key's value is large and changes little. What has
 * to be read for a value then stays within twice its size, since a new whole value is written otherwise.
 */
export function withPatches(state: State, draft: EventDraft, mode: PatchMode): EventDraft {
  // An erasure carries values anew, so that what they were on can go.
  if (mode === "never" || draft.type === "values_erased") return draft;
  const effects = draft.effects.map((effect) => patchOf(state, effect, mode) ?? effect);
  return effects.some(({ op }) => op === "patch") ? { ...draft, effects } : draft;
}

function patchOf(state: State, effect: DraftEffect, mode: PatchMode): DraftEffect | undefined {
  if (effect.op !== "set" || !valueScopes.includes(effect.scope)) return undefined;
  const entry = state.scopes[effect.scope].get(effect.key);
  if (entry === undefined || entry.value instanceof ErasedValue) return undefined;
  if (mode === "auto" && entry.bytes < largeBytes) return undefined;
  const patch = makePatch(entry.value, effect.held.value, mode === "auto" ? entry.bytes / 2 : Infinity);
  if (patch === undefined || patch.text === noEdits) return undefined;
  const bytes = entry.bytes + patch.growth;
  const text = `{"on":${entry.sequence},"bytes":${bytes},"edits":${patch.text}}`;
  const cost = patchCost(text);
  if (mode === "auto" && !pays(entry, bytes, cost)) return undefined;
  const { scope, key, held } = effect;
  const { value, sharable } = held;
  return { op: "patch", scope, key, held: { value, sharable, bytes }, cost, text };
}

/** Where only the order of keys differs, there is nothing to edit. */
const noEdits = "[]";

function pays(entry: Entry, bytes: number, cost: number): boolean {
  return bytes >= largeBytes && costOfReading(entry) + cost <= 2 * bytes;
}
