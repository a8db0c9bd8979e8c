import type { DraftEffect, EventType } from "../event.js";
import type { State } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Taken } from "../value/codec.js";
import { type Command, deletions } from "./command.js";

/** Facts about a context that are changed key by key; `undefined` removes one. */
export type Facts = ReadonlyMap<string, Taken | undefined>;

/** Changes metadata of the context; keys not named stay. */
export function changeMetadata(facts: Facts): Command<undefined> {
  return describe("metadata_changed", "metadata", facts);
}

/** Changes limits of the context; limits not named stay. */
export function changeLimits(facts: Facts): Command<undefined> {
  return describe("limits_changed", "limit", facts);
}

/** Gives the context another id. */
export function renameContext(from: string, name: Taken): Command<undefined> {
  return {
    asked: () => ["rename", name.text],
    decide: () => ({
      draft: {
        type: "context_renamed",
        effects: [{ op: "set", scope: "context", key: "name", held: name }],
        details: { from },
      },
      outcome: undefined,
    }),
  };
}

function describe(type: EventType, scope: "metadata" | "limit", facts: Facts): Command<undefined> {
  return {
    asked: () => [type, [...facts].map(([key, taken]) => [key, taken?.text ?? null])],
    decide: (state) => ({
      draft: { type, effects: factEffects(state, scope, facts), details: { keys: [...facts.keys()] } },
      outcome: undefined,
    }),
  };
}

/** The effects that bring facts of one scope to what is asked. */
export function factEffects(state: State, scope: "metadata" | "limit", facts: Facts): DraftEffect[] {
  return [...facts].flatMap(([key, taken]): DraftEffect[] => {
    const present = state.scopes[scope].get(key);
    if (taken === undefined) return present === undefined ? [] : deletions(scope, [key]);
    if (present !== undefined && equalValues(present.value, taken.value)) return [];
    return [{ op: "set", scope, key, held: taken }];
  });
}
