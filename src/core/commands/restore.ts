import type { DraftEffect, Json } from "../event.js";
import { isGuarded, type State } from "../state.js";
import { equalValues } from "../value/equal.js";
import type { Taken } from "../value/codec.js";
import { type Command, deletions } from "./command.js";

/** A past state to go back to, and how the caller named it. */
export interface Restoring {
  readonly persistent: ReadonlyMap<string, Taken>;
  /** Phases that had finished by then; later ones are unfinished again. */
  readonly phases: ReadonlyMap<string, Taken>;
  readonly target: { readonly version: number; readonly sequence: number; readonly snapshot: string | null };
  readonly reason: string | null;
  /** Keys that stay as they are. */
  readonly kept: ReadonlySet<string>;
}

/** Makes the persistent keys what they were, except those that are protected and have a value now. */
export function restoreState({
  persistent,
  phases,
  target,
  reason,
  kept,
}: Restoring): Command<boolean>["decide"] {
  return (state) => ({
    draft: {
      type: "snapshot_restored",
      effects: [
        ...difference(state, "persistent", persistent).filter(
          ({ key }) => !isGuarded(state, key) && !kept.has(key),
        ),
        ...difference(state, "phase", phases),
      ],
      details: {
        version: target.version,
        reason,
        snapshot: target.snapshot,
        sequence: target.sequence,
      } satisfies Record<string, Json>,
    },
    always: true,
    outcome: true,
  });
}

/** The effects that turn one scope of the present state into the target. */
function difference(
  state: State,
  scope: "persistent" | "phase",
  target: ReadonlyMap<string, Taken>,
): DraftEffect[] {
  const present = state.scopes[scope];
  const gone = [...present.keys()].filter((key) => !target.has(key));
  const changed = [...target].filter(([key, taken]) => {
    const entry = present.get(key);
    return entry === undefined || !equalValues(entry.value, taken.value);
  });
  return [
    ...deletions(scope, gone),
    ...changed.map(([key, held]): DraftEffect => ({ op: "set", scope, key, held })),
  ];
}
