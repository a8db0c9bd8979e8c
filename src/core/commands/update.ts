import { type DraftEffect, type Scope, valueScopes } from "../event.js";
import { type Skipped, sortOffered } from "../merge/strategy.js";
import { isGuarded, type State } from "../state.js";
import type { Taken } from "../value/codec.js";
import { type Command, deletions } from "./command.js";

/** What a verb over many keys wrote, and what it left alone. */
export interface Written {
  readonly written: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Sets and removes many keys in one event; protected keys that have a value are skipped. */
export function updateKeys(
  offered: ReadonlyMap<string, Taken>,
  unwanted: readonly string[] = [],
): Command<Written> {
  const removing = unwanted.length === 0 ? [] : [unwanted];
  return {
    asked: () => ["update", [...offered].map(([key, { text }]) => [key, text]), ...removing],
    decide: (state) => {
      const { written, skipped: kept } = sortOffered(state, offered, "overwrite");
      const removed = removals(state, unwanted);
      const skipped = [...kept, ...removed.skipped];
      const keys = [...written.keys()];
      return {
        draft: {
          type: "values_updated",
          effects: [...settings(written), ...removed.effects],
          details: {
            keys,
            count: keys.length,
            ...(removed.keys.length === 0 ? {} : { removed: removed.keys }),
            skippedProtected: skipped.length,
            skipped: skipped.map(({ key, why }) => ({ key, why })),
          },
        },
        outcome: { written: keys, skipped },
      };
    },
  };
}

/** Effects that set persistent keys, in the order given. */
export function settings(written: ReadonlyMap<string, Taken>): DraftEffect[] {
  return [...written].map(([key, held]) => ({ op: "set", scope: "persistent", key, held }));
}

/** What removes the keys that are there, from both scopes, and those that are to stay since they are protected. */
function removals(
  state: State,
  unwanted: readonly string[],
): { keys: string[]; effects: DraftEffect[]; skipped: Skipped[] } {
  const present = unwanted.filter((key) => valueScopes.some((scope) => state.scopes[scope].has(key)));
  const keys = present.filter((key) => !isGuarded(state, key));
  const heldIn = (scope: Scope) => keys.filter((key) => state.scopes[scope].has(key));
  return {
    keys,
    effects: valueScopes.flatMap((scope) => deletions(scope, heldIn(scope))),
    skipped: present.filter((key) => isGuarded(state, key)).map((key) => ({ key, why: "protected" })),
  };
}
