import type { Covered } from "../erasures.js";
import type { DraftEffect, EventDraft, Scope } from "../event.js";
import type { State } from "../state.js";
import type { Taken } from "../value/codec.js";
import { ErasedValue } from "../value/erased.js";
import { type Command, deletions } from "./command.js";
import { type Facts, factEffects } from "./describe.js";

/** What a fork takes over of the context that it starts from; the other scopes stay behind. */
export const inheritedScopes: readonly Scope[] = [
  "persistent",
  "protection",
  "metadata",
  "limit",
  "phase",
  "merge",
  "erasure",
  "context",
];

/** A fork as asked: its name, where it starts, and what is to be said of it in other words. */
export interface Forking {
  readonly name: Taken;
  readonly parent: string;
  readonly metadata: Facts;
  /** What of the shared events was erased by events that the fork does not share. */
  readonly covered: Covered;
  /** Marks the event as one that tells of erasures, where it does. */
  readonly erasureMark: DraftEffect;
}

/**
 * The first event of a fork's own, on the state that it starts from: it has another name, leaves behind what
 * is not inherited, and does without values that were erased.
 */
export function forkContext({ name, parent, metadata, covered, erasureMark }: Forking): Command<undefined> {
  return {
    asked: () => ["fork", name.text],
    decide: (state) => {
      const erased = [...state.scopes.persistent.entries()]
        .filter(([, { value }]) => value instanceof ErasedValue)
        .map(([key]) => key);
      return {
        draft: forkDraft(
          state,
          name,
          [
            ...factEffects(state, "metadata", metadata),
            ...deletions("persistent", erased),
            ...(Object.keys(covered).length > 0 ? [erasureMark] : []),
          ],
          {
            parent,
            at: state.version,
            sequence: state.sequence,
            ...(erased.length > 0 && { erased }),
            ...(Object.keys(covered).length > 0 && { covered }),
          },
        ),
        outcome: undefined,
      };
    },
  };
}

function forkDraft(
  { scopes }: State,
  name: Taken,
  effects: readonly DraftEffect[],
  details: EventDraft["details"],
): EventDraft {
  const left = (["ephemeral", "snapshot", "pin", "unmerged", "archive"] as const).flatMap((scope) =>
    deletions(scope, scopes[scope].keys()),
  );
  return {
    type: "context_forked",
    effects: [{ op: "set", scope: "context", key: "name", held: name }, ...left, ...effects],
    details,
  };
}
